package dev.svc0.fs.conformance;

import dev.svc0.fs.hostfs.HostFileSystemType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalMask;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.Vfs;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A kernel whose root is a file system under test, and a task with memory to make calls from. */
final class Machine implements AutoCloseable {
  private static final int MEMORY = 1 << 20;
  private static final int STRINGS = MEMORY / 2;

  final Vfs vfs;
  final Kernel kernel;
  final Task task;
  private final FrameAllocator frames = new FrameAllocator(65536);
  private final Writeback writeback = new Writeback();
  private final long memory;
  private final List<Task> tasks = new ArrayList<>();
  private long nextString;

  Machine(String type, String options) throws MountException {
    this(type, "none", options);
  }

  /** A host folder as the root, with a layer in memory over it. */
  static Machine over(java.nio.file.Path host) throws MountException {
    return new Machine("overlay", host.toString(), HostFileSystemType.TRUSTED);
  }

  private Machine(String type, String source, String options) throws MountException {
    vfs =
        new Vfs(
            frames,
            writeback,
            new BlockDevices(frames, writeback, BlkdevPages::new),
            InstantSource.system());
    Path root = vfs.mountRoot(type, source, null, 0, options);
    kernel = new Kernel(KernelOptions.defaults(), vfs, new NoCpu(), root);
    task = newTask();
    memory = map(task);
  }

  /** One more process, on the same files. */
  Task newTask() {
    Task made = kernel.newProcess(Cred.ROOT, "test");
    tasks.add(made);
    return made;
  }

  static long map(Task task) {
    return task.memory()
        .mmap(
            0,
            MEMORY,
            MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
            MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
            null,
            0);
  }

  /** Address of a buffer. */
  long buffer() {
    return memory;
  }

  /** Puts a string into the program's memory; its address. */
  long string(String text) {
    byte[] bytes = (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
    if (nextString + bytes.length > STRINGS) {
      nextString = 0;
    }
    long at = memory + STRINGS + nextString;
    task.memory().writeBytes(at, bytes);
    nextString += bytes.length;
    return at;
  }

  void put(String text) {
    task.memory().writeBytes(memory, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  String get(long bytes) {
    return new String(task.memory().readBytes(memory, (int) bytes), StandardCharsets.ISO_8859_1);
  }

  /** Makes a call as the system call boundary does. */
  static long call(LongSupplier call) {
    try {
      return call.getAsLong();
    } catch (UserFault fault) {
      return -Errno.EFAULT;
    }
  }

  /** Takes the signal the task was sent; 0 for none. */
  int takeSignal() {
    long[] error = new long[1];
    SigInfo info =
        SignalMask.sigtimedwait(
            task,
            1L << Signals.SIGPIPE - 1 | 1L << Signals.SIGXFSZ - 1,
            0,
            SignalMask.PollOnly.YES,
            error);
    return info == null ? 0 : info.signal();
  }

  @Override
  public void close() {
    for (Task one : tasks) {
      kernel.enter(one);
      kernel.leave(one, 0);
    }
    kernel.close();
  }
}
