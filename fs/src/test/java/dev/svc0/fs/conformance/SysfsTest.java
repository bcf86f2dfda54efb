package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.brd.BrdType;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks in /sys and /dev, also those that come later. */
class SysfsTest {
  private static final int CWD = Fcntl.AT_FDCWD;

  @TempDir Path folder;
  private Machine machine;

  @BeforeEach
  void start() throws Exception {
    machine = new Machine("tmpfs", "");
    mount("/sys", "sysfs");
    mount("/dev", "devfs");
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private void mount(String where, String type) throws Exception {
    NameCalls.mkdirat(machine.task, CWD, machine.string(where), 0755);
    var place = Namei.kernPath(machine.task, where, Lookup.FOLLOW, new long[1]);
    machine.vfs.mountAt(place, type, type, null, 0, "");
  }

  private long open(String path, int flags) {
    return OpenCalls.openat(machine.task, CWD, machine.string(path), flags, 0);
  }

  private String read(String path) {
    int fd = (int) open(path, Fcntl.O_RDONLY);
    assertThat(fd).as(path).isNotNegative();
    long got = ReadWriteCalls.read(machine.task, fd, machine.buffer(), 4096);
    OpenCalls.close(machine.task, fd);
    return machine.get(got);
  }

  private long write(String path, String text) {
    int fd = (int) open(path, Fcntl.O_WRONLY);
    assertThat(fd).as(path).isNotNegative();
    machine.put(text);
    long result = ReadWriteCalls.write(machine.task, fd, machine.buffer(), text.length());
    OpenCalls.close(machine.task, fd);
    return result;
  }

  @Test
  void aDiskThatComesLaterHasItsNodeAndItsFolder() throws Exception {
    assertThat(open("/dev/ram0", Fcntl.O_RDONLY)).isEqualTo(-Errno.ENOENT);
    new BrdType().create(machine.vfs.devices(), "size=1M");
    assertThat(open("/dev/ram0", Fcntl.O_RDONLY)).isNotNegative();
    assertThat(read("/sys/block/ram0/size")).isEqualTo("2048\n");
    assertThat(read("/sys/class/block/ram0/dev")).isEqualTo("1:0\n");
    assertThat(read("/sys/dev/block/1:0/queue/logical_block_size")).isEqualTo("512\n");
    assertThat(read("/sys/block/ram0/queue/scheduler")).isEqualTo("none\n");
    assertThat(read("/sys/devices/virtual/block/ram0/uevent")).contains("DEVNAME=ram0\n");
  }

  @Test
  void theSchedulerIsChosenByWriting() throws Exception {
    Path image = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
    var disk = new LoopType().create(machine.vfs.devices(), image.toString());
    String scheduler = "/sys/block/loop0/queue/scheduler";
    assertThat(read(scheduler)).isEqualTo("[none] mq-deadline\n");
    assertThat(read("/sys/block/loop0/loop/backing_file")).isEqualTo("/disk.img\n");
    assertThat(read("/sys/block/loop0/mq/0/nr_tags")).isEqualTo("128\n");
    assertThat(write(scheduler, "mq-deadline\n")).isEqualTo(12);
    assertThat(read(scheduler)).isEqualTo("none [mq-deadline]\n");
    assertThat(disk.queue().schedulerName()).isEqualTo("mq-deadline");
    assertThat(write(scheduler, "bfq")).isEqualTo(-Errno.EINVAL);
    machine.vfs.devices().shutdown();
  }
}
