package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.flakey.Flakey;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.syscall.SyscallHooks;
import dev.svc0.runtime.syscall.decode.CallDecoder;
import dev.svc0.runtime.syscall.decode.TracedCalls;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TracePoint;
import dev.svc0.runtime.trace.TraceSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every tracepoint that is defined is fired by something that programs do. */
@Timeout(300)
class EveryTracepointTest {
  private static final int OPENAT = 56;
  private static final int CLOSE = 57;
  private static final int FTRUNCATE = 46;
  private static final int FALLOCATE = 47;
  private static final int MKDIRAT = 34;
  private static final int UNLINKAT = 35;
  private static final int UMOUNT2 = 39;
  private static final int MOUNT = 40;
  private static final int PREAD64 = 67;
  private static final int PWRITE64 = 68;
  private static final int SYNC = 81;
  private static final int FSYNC = 82;
  private static final int PUNCH_HOLE = 3;
  private static final int PAGE = 4096;
  private static final long MIB = 1 << 20;
  private static final long DELAY_NANOS = 50_000_000;

  /** Fired when a handle's credits run out: {@code JournalHandlesTest} sees to that. */
  private static final Set<String> ELSEWHERE =
      Set.of("jbd2:jbd2_handle_restart", "jbd2:jbd2_handle_extend");

  @TempDir Path folder;

  /** How long the disk of the first file system takes for each bio. */
  private volatile long delayNanos;

  /** Whether that disk reads nothing. */
  private volatile boolean fails;

  private BlockDevice raw;
  private JavaProgram program;
  private long buffer;

  @Test
  void firesEveryTracepoint() throws Exception {
    TraceCapture capture;
    try (TraceSession session =
        TraceSession.start(TraceSession.Options.defaults().withEvents(EventSelection.of("*")))) {
      useFileSystems();
      runPrograms();
      capture = session.stop();
    }
    Set<String> fired = new TreeSet<>();
    CallTree.roots(capture).forEach(root -> note(root.node(), fired));
    Set<String> defined =
        TracePoint.all().stream()
            .filter(point -> !point.system().equals("toy"))
            .map(TracePoint::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    defined.removeAll(fired);
    defined.removeAll(ELSEWHERE);
    assertThat(defined).isEmpty();
    assertThat(capture.verdict()).isEqualTo("complete");
  }

  private static void note(CallNode node, Set<String> fired) {
    if (node instanceof CallNode.Event event) {
      fired.add(event.point().toString());
    } else if (node instanceof Call call) {
      call.children().forEach(child -> note(child, fired));
    }
  }

  private void useFileSystems() throws Exception {
    Path extents = image("ext4.img", new Mke2fsOptions().ext4());
    Path pointers = image("ext2.img", new Mke2fsOptions());
    Path damaged = image("damaged.img", new Mke2fsOptions().ext4());
    damage(damaged);
    Path plain = image("plain.img", new Mke2fsOptions());
    Arm64Machine machine =
        new Arm64Machine(
            KernelOptions.defaults().withPageCacheBytes(4 * MIB),
            vfs -> {
              addDisks(vfs.devices(), extents, pointers, damaged, plain);
              return vfs.mountRoot("tmpfs", "tmpfs", null, 0, "");
            });
    program = new JavaProgram(machine);
    buffer = (program.allocate(MIB + PAGE) + PAGE - 1) & -PAGE;
    mount("devfs", "/dev", "devfs", "");
    mount("/dev/dm-0", "/a", "ext4", "");
    writeExtents();
    writePointers();
    mount("/dev/loop2", "/c", "ext4", "");
    assertThat(open("/c/lost+found", 0)).isNegative();
    writeRaw();
    program.svc(SYNC);
    program.close();
    machine.close();
  }

  private Path image(String name, Mke2fsOptions options) throws IOException {
    Path image = folder.resolve(name);
    Mke2fs.format(image, 24 * MIB, options.blockSize(PAGE));
    return image;
  }

  /** Breaks the inode of lost+found, number 11. */
  private static void damage(Path image) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(PAGE + 8); // bg_inode_table of the first group
      long table = Integer.toUnsignedLong(Integer.reverseBytes(file.readInt()));
      file.seek(table * PAGE + 10 * 256 + 4);
      file.writeInt(0x12345678);
    }
  }

  private void addDisks(BlockDevices devices, Path extents, Path... others) {
    try {
      BlockDevice below = new LoopType().create(devices, extents.toString());
      Flakey.over(
          devices,
          below,
          (bio, number) -> {
            if (fails) {
              return new Flakey.Fail(-Errno.EIO);
            }
            return delayNanos > 0 ? new Flakey.Delay(delayNanos) : new Flakey.Pass();
          });
      for (Path other : others) {
        raw = new LoopType().create(devices, other.toString());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void writeExtents() {
    long fd = open("/a/file", Fcntl.O_CREAT | Fcntl.O_RDWR);
    write(fd, 0, 3 * PAGE);
    write(fd, 0, PAGE);
    sync(fd);
    write(fd, 8 * PAGE, PAGE);
    check(program.svc(FTRUNCATE, fd, PAGE)); // takes back what was promised for the last write
    check(program.svc(FALLOCATE, fd, 0, 16 * PAGE, 16 * PAGE));
    long direct = open("/a/file", Fcntl.O_RDWR | Fcntl.O_DIRECT);
    write(direct, 17 * PAGE, PAGE);
    check(program.svc(FALLOCATE, fd, PUNCH_HOLE, 18 * PAGE, 4 * PAGE));
    check(program.svc(PREAD64, fd, buffer, PAGE, 17 * PAGE));
    long small = open("/a/small", Fcntl.O_CREAT | Fcntl.O_RDWR);
    write(small, 0, PAGE);
    sync(small);
    long sparse = open("/a/sparse", Fcntl.O_CREAT | Fcntl.O_RDWR);
    for (int i = 0; i < 12; i++) {
      write(sparse, 2L * i * PAGE, PAGE);
      sync(sparse);
    }
    long large = open("/a/large", Fcntl.O_CREAT | Fcntl.O_RDWR);
    delayNanos = DELAY_NANOS;
    for (int i = 0; i < 3; i++) {
      write(large, i * MIB, MIB); // more than may be dirty, and the disk takes its time
    }
    sync(large);
    delayNanos = 0;
    remount("data=journal");
    long again = open("/a/sparse", Fcntl.O_RDWR);
    check(program.svc(PREAD64, again, buffer, PAGE, 0));
    fails = true; // a page that reading ahead could not bring is read by itself
    assertThat(program.svc(PREAD64, again, buffer, PAGE, 8 * PAGE)).isEqualTo(-Errno.EIO);
    fails = false;
    write(again, 0, PAGE);
    sync(again);
    check(program.svc(UNLINKAT, Fcntl.AT_FDCWD, program.string("/a/small"), 0));
    remount("nodelalloc");
    long ordered = open("/a/ordered", Fcntl.O_CREAT | Fcntl.O_RDWR);
    write(ordered, 0, PAGE);
    sync(ordered);
  }

  private void remount(String options) {
    for (int fd = 3; fd < 16; fd++) {
      program.svc(CLOSE, fd);
    }
    check(program.svc(UMOUNT2, program.string("/a"), 0));
    mount("/dev/dm-0", "/a", "ext4", options);
  }

  private void writePointers() {
    mount("/dev/loop1", "/b", "ext4", "nodelalloc");
    long fd = open("/b/file", Fcntl.O_CREAT | Fcntl.O_RDWR);
    write(fd, 0, 2 * PAGE);
    sync(fd);
  }

  /** Bios of a kind that file systems seldom make, through a scheduler. */
  private void writeRaw() throws InterruptedException {
    raw.queue().setScheduler("mq-deadline");
    int pages = raw.queue().limits().maxSegments() + 1;
    long memory = HostMemory.reserve(2L * pages * PAGE);
    CountDownLatch done = new CountDownLatch(3);
    BlockCore.blkStartPlug();
    submit(8, memory, 1, done);
    submit(0, memory, 1, done);
    submit(16, memory, pages, done);
    BlockCore.blkFinishPlug();
    done.await();
  }

  private void submit(long sector, long memory, int pages, CountDownLatch done) {
    Bio bio = new Bio(raw, pages, ReqOp.WRITE);
    bio.sector = sector;
    for (int i = 0; i < pages; i++) {
      bio.addSegment(memory + 2L * i * PAGE, PAGE); // neighbours would become one segment
    }
    bio.endIo = ended -> done.countDown();
    BlockCore.submitBio(bio);
  }

  private void runPrograms() throws Exception {
    try (Arm64Machine machine = Arm64Machine.withHostFolder(GuestPrograms.busyboxRoot(folder))) {
      machine.setStreams(
          new ByteArrayInputStream(new byte[0]),
          OutputStream.nullOutputStream(),
          OutputStream.nullOutputStream());
      CallDecoder decoder = new CallDecoder(machine.dispatch(), 32);
      SyscallHooks.Registration calls =
          TracedCalls.attach(machine.dispatch(), decoder, number -> true);
      String script = "trap : USR1; kill -USR1 $$; (sleep 0.01; echo x) | cat; busybox true";
      Program running =
          machine.start("/bin/busybox", List.of("busybox", "sh", "-c", script), List.of());
      assertThat(running.waitFor().shellCode()).isZero();
      calls.close();
    }
  }

  private void mount(String source, String target, String type, String options) {
    program.svc(MKDIRAT, Fcntl.AT_FDCWD, program.string(target), 0755);
    check(
        program.svc(
            MOUNT,
            program.string(source),
            program.string(target),
            program.string(type),
            0,
            program.string(options)));
  }

  private long open(String path, int flags) {
    return program.svc(OPENAT, Fcntl.AT_FDCWD, program.string(path), flags, 0644);
  }

  private void write(long fd, long position, long bytes) {
    assertThat(program.svc(PWRITE64, fd, buffer, bytes, position)).isEqualTo(bytes);
  }

  private void sync(long fd) {
    check(program.svc(FSYNC, fd));
  }

  private static void check(long result) {
    assertThat(result).isNotNegative();
  }
}
