package dev.svc0.arm64.machine;

import dev.svc0.arm64.Arm64TableDispatch;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.entry.Arm64;
import dev.svc0.arm64.entry.Vectors;
import dev.svc0.arm64.jit.Engines;
import dev.svc0.fs.devfs.StreamConsole;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.task.Exec;
import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Console;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.Vfs;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A kernel with the arm64 table, an engine and a root file system. Several live in one JVM.
 *
 * <p>Thread-safe. {@link #close} kills what still runs, writes everything back and unmounts.
 */
public final class Arm64Machine implements AutoCloseable {
  private static final int DESCRIPTORS = 3;

  /** Mounts the root of a machine, and whatever else it is to have. */
  @FunctionalInterface
  public interface RootMount {
    /** Mounts into an empty VFS; what programs see as {@code /}. */
    Path mount(Vfs vfs) throws MountException;
  }

  private final SyscallDispatch dispatch = new Arm64TableDispatch();
  private final Arm64 architecture;
  private final Kernel kernel;

  /**
   * Builds and boots a machine.
   *
   * @throws MountException when the root cannot be mounted; nothing is left behind
   */
  public Arm64Machine(KernelOptions options, RootMount root) throws MountException {
    this(options, root, Engines.createDefault());
  }

  /** The same with another engine. */
  public Arm64Machine(KernelOptions options, RootMount root, Engine engine) throws MountException {
    architecture = new Arm64(new Vectors(engine, dispatch));
    FrameAllocator frames = new FrameAllocator(options.pageCacheBytes() / FrameAllocator.PAGE_SIZE);
    Writeback writeback = new Writeback();
    Vfs vfs =
        new Vfs(
            frames,
            writeback,
            new BlockDevices(frames, writeback, BlkdevPages::new),
            options.fileClock());
    Path top;
    try {
      top = root.mount(vfs);
    } catch (MountException | RuntimeException e) {
      vfs.shutdown();
      writeback.close();
      frames.close();
      throw e;
    }
    kernel = new Kernel(options, vfs, architecture, top);
    vfs.setConsole(new StreamConsole(vfs, InputStream.nullInputStream(), System.out, System.err));
  }

  /** A machine whose root is a folder of the host. */
  public static Arm64Machine withHostFolder(java.nio.file.Path folder) throws MountException {
    return new Arm64Machine(
        KernelOptions.defaults(),
        vfs -> vfs.mountRoot("hostfs", folder.toString(), null, 0, "trusted"));
  }

  /** The kernel. */
  public Kernel kernel() {
    return kernel;
  }

  /** The system call table: counters, hooks, extensions. */
  public SyscallDispatch dispatch() {
    return dispatch;
  }

  /** What programs get as standard input, output and error from now on. */
  public void setConsole(Console console) {
    kernel.vfs().setConsole(console);
  }

  /** What programs get as standard input, output and error from now on. */
  public void setStreams(InputStream in, java.io.OutputStream out, java.io.OutputStream err) {
    setConsole(new StreamConsole(kernel.vfs(), in, out, err));
  }

  /**
   * Starts a program as root in a session of its own.
   *
   * @param path of the file inside the machine; names and strings have one character a byte
   * @throws ProgramException when it cannot be executed
   */
  public Program start(String path, List<String> arguments, List<String> environment) {
    return start(Cred.ROOT, path, arguments, environment);
  }

  /** The same with other rights. */
  public Program start(Cred cred, String path, List<String> arguments, List<String> environment) {
    return start(cred, "/", path, arguments, environment);
  }

  /**
   * The same from another working directory.
   *
   * @throws ProgramException also when there is no such directory
   */
  public Program start(
      Cred cred,
      String workingDirectory,
      String path,
      List<String> arguments,
      List<String> environment) {
    Task task = newTask(cred, path.substring(path.lastIndexOf('/') + 1));
    CompletableFuture<Long> executed = new CompletableFuture<>();
    kernel.start(
        task,
        () -> {
          long result = ProgramException.NOT_STARTED;
          try {
            result = changeDirectory(task, workingDirectory);
            if (result == 0) {
              result = Exec.doExecveat(task, Fcntl.AT_FDCWD, path, 0, arguments, environment);
            }
          } finally {
            if (result != 0) {
              task.requestExit(ProgramException.STATUS);
            }
            executed.complete(result);
          }
        });
    Program program = new Program(kernel, task);
    long result;
    try {
      result = executed.join();
    } catch (CompletionException e) {
      throw new IllegalStateException(e);
    }
    if (result != 0) {
      program.waitFor();
      throw new ProgramException(path, result);
    }
    return program;
  }

  private static long changeDirectory(Task task, String directory) {
    long[] error = new long[1];
    Path place = Namei.kernPath(task, directory, Lookup.FOLLOW | Lookup.DIRECTORY, error);
    if (place != null) {
      task.fs().setWorkingDirectory(place);
    }
    return error[0];
  }

  /** A process without a program, with standard descriptors. */
  Task newTask(Cred cred, String comm) {
    Task task = kernel.newProcess(cred, comm);
    Console console = kernel.vfs().console();
    if (console != null) {
      for (int fd = 0; fd < DESCRIPTORS; fd++) {
        task.files().install(console.standardFile(fd, task), fd, false, DESCRIPTORS);
      }
    }
    return task;
  }

  /** Runs a program to its end; its exit code, or 128 plus the signal that ended it. */
  public int run(String path, List<String> arguments, List<String> environment) {
    return start(path, arguments, environment).waitFor().shellCode();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
