package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.brd.BrdType;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.pagecache.Filemap;
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
  void writeBackIsTunedInProc() throws Exception {
    mount("/proc", "proc");
    String vm = "/proc/sys/vm/";
    assertThat(read(vm + "dirty_ratio")).isEqualTo("20\n");
    assertThat(read(vm + "dirty_background_ratio")).isEqualTo("10\n");
    assertThat(read(vm + "dirty_expire_centisecs")).isEqualTo("3000\n");
    assertThat(write(vm + "dirty_ratio", "101")).isEqualTo(-Errno.EINVAL);
    assertThat(write(vm + "dirty_ratio", "x")).isEqualTo(-Errno.EINVAL);
    assertThat(write(vm + "dirty_ratio", "40\n")).isEqualTo(3);
    assertThat(write(vm + "dirty_background_ratio", "5")).isEqualTo(1);
    assertThat(read(vm + "dirty_ratio")).isEqualTo("40\n");
    assertThat(read(vm + "dirty_background_ratio")).isEqualTo("5\n");
    assertThat(machine.vfs.writeback().hardLimit(machine.vfs.frames()))
        .isEqualTo(machine.vfs.frames().limitPages() * 40 / 100);
    assertThat(write(vm + "dirty_expire_centisecs", "100")).isEqualTo(3);
    assertThat(machine.vfs.writeback().expireNanos()).isEqualTo(1_000_000_000);
  }

  /** Clean pages of a disk go, dirty ones stay; a setting of read-ahead is that of the disk. */
  @Test
  void cleanPagesAreDroppedByWriting() throws Exception {
    mount("/proc", "proc");
    new BrdType().create(machine.vfs.devices(), "size=1M");
    var disk = machine.vfs.devices().all().getLast();
    assertThat(read("/dev/ram0")).hasSize(4096);
    assertThat(disk.mapping().pages()).isPositive();
    assertThat(write("/dev/ram0", "dirty")).isEqualTo(5);
    Filemap.filemapWriteAndWaitRange(disk.mapping(), 0, Long.MAX_VALUE);
    int fd = (int) open("/dev/ram0", Fcntl.O_WRONLY);
    machine.put("dirty");
    assertThat(ReadWriteCalls.write(machine.task, fd, machine.buffer(), 5)).isEqualTo(5);
    assertThat(write("/proc/sys/vm/drop_caches", "0")).isEqualTo(-Errno.EINVAL);
    assertThat(write("/proc/sys/vm/drop_caches", "3")).isEqualTo(1);
    assertThat(disk.mapping().pages()).isEqualTo(1);
    assertThat(write("/sys/block/ram0/queue/read_ahead_kb", "64\n")).isEqualTo(3);
    assertThat(disk.readaheadPages()).isEqualTo(16);
    assertThat(OpenCalls.close(machine.task, fd)).isZero();
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
