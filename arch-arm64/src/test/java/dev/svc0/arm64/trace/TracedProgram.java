package dev.svc0.arm64.trace;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskStats;
import dev.svc0.runtime.syscall.SyscallHooks;
import dev.svc0.runtime.syscall.decode.CallDecoder;
import dev.svc0.runtime.syscall.decode.TracedCalls;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceAgent;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import java.io.IOException;
import java.nio.file.Path;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;

/** A program that overwrites, appends, syncs and fails on ext2 on a loop disk, and its trace. */
final class TracedProgram {
  static final int OPENAT = 56;
  static final int CLOSE = 57;
  static final int WRITE = 64;
  static final int PWRITE64 = 68;
  static final int FSYNC = 82;
  private static final int MKDIRAT = 34;
  private static final int MOUNT = 40;
  private static final int PAGE = 4096;

  /**
   * What was recorded, and what the disk counted meanwhile.
   *
   * @param calls system calls that were made
   */
  record Traced(
      TraceCapture capture,
      int calls,
      long writes,
      long writeSectors,
      long reads,
      long readSectors) {}

  private TracedProgram() {}

  /** Runs it with tracepoints, and functions when a selection is given. */
  static Traced run(Path folder, @Nullable TraceSelection functions) throws Exception {
    TraceAgent.install(ByteBuddyAgent.install());
    Path image = folder.resolve("ext2.img");
    makeExt2(image);
    BlockDevice[] disk = new BlockDevice[1];
    Arm64Machine machine =
        new Arm64Machine(
            KernelOptions.defaults(),
            vfs -> {
              try {
                disk[0] = new LoopType().create(vfs.devices(), image.toString());
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
              return vfs.mountRoot("tmpfs", "tmpfs", null, 0, "");
            });
    return run(machine, disk[0].stats(), functions);
  }

  private static Traced run(
      Arm64Machine machine, DiskStats stats, @Nullable TraceSelection functions) {
    JavaProgram program = new JavaProgram(machine);
    mount(program, "devfs", "/dev", "devfs");
    mount(program, "/dev/loop0", "/mnt", "ext2");
    TraceSession.Options options =
        TraceSession.Options.defaults()
            .withEvents(EventSelection.of("raw_syscalls:*", "vfs:*", "block:*", "writeback:*"));
    SyscallHooks.Registration calls =
        TracedCalls.attach(machine.dispatch(), new CallDecoder(machine.dispatch(), 32), nr -> true);
    long[] before = counters(stats);
    try (TraceSession session =
        functions == null ? TraceSession.start(options) : TraceSession.start(functions, options)) {
      int made = work(program);
      calls.close();
      // Unmounts, and waits for the driver's worker, which comes back later than its callers.
      program.close();
      machine.close();
      TraceCapture capture = session.stop();
      long[] after = counters(stats);
      return new Traced(
          capture,
          made,
          after[0] - before[0],
          after[1] - before[1],
          after[2] - before[2],
          after[3] - before[3]);
    }
  }

  private static long[] counters(DiskStats stats) {
    return new long[] {
      stats.writes.sum(), stats.writeSectors.sum(), stats.reads.sum(), stats.readSectors.sum()
    };
  }

  /** Makes the calls; how many. */
  private static int work(JavaProgram program) {
    long block = (program.allocate(2 * PAGE) + PAGE - 1) & -PAGE;
    long fd =
        program.svc(
            OPENAT,
            Fcntl.AT_FDCWD,
            program.string("/mnt/file"),
            Fcntl.O_RDWR | Fcntl.O_CREAT,
            0644);
    program.svc(WRITE, fd, block, PAGE);
    program.svc(PWRITE64, fd, block, PAGE, 0);
    program.svc(FSYNC, fd);
    program.svc(WRITE, fd, block, 100);
    program.svc(WRITE, 99, block, 100);
    program.svc(PWRITE64, fd, 16, 8, 0);
    program.svc(FSYNC, fd);
    program.svc(CLOSE, fd);
    return 9;
  }

  private static void mount(JavaProgram program, String source, String target, String type) {
    program.svc(MKDIRAT, Fcntl.AT_FDCWD, program.string(target), 0755);
    long result =
        program.svc(
            MOUNT, program.string(source), program.string(target), program.string(type), 0, 0);
    if (result != 0) {
      throw new AssertionError("mount: " + result);
    }
  }

  private static void makeExt2(Path image) throws IOException {
    Mke2fs.format(image, 16L << 20, new Mke2fsOptions().blockSize(PAGE));
  }
}
