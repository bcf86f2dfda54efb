package dev.svc0.samples.junit;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.fs.hostfs.HostFileSystemType;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.syscall.SyscallHooks;
import dev.svc0.runtime.syscall.decode.Strace;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Namei;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A machine for one test, with an empty disk on {@code /disk}:
 *
 * <pre>{@code
 * @RegisterExtension final GuestMachine machine = new GuestMachine();
 *
 * @Test void writesItsReport() throws Exception {
 *   GuestMachine.Result result = machine.run(Path.of("report"), "/disk/out");
 *   assertEquals(0, result.exitCode());
 *   assertTrue(result.calls().stream().anyMatch(call -> call.startsWith("fsync(")));
 *   assertTrue(machine.disk().contains("total"));
 * }
 * }</pre>
 *
 * <p>The machine starts with the first program and ends with the test; programs of one test share
 * it. For the thread of the test.
 */
public final class GuestMachine implements AfterEachCallback {
  private static final long DISK_BYTES = 8 << 20;
  private static final int SHOWN_BYTES = 64;

  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private @Nullable Arm64Machine machine;
  private SyscallHooks.@Nullable Registration strace;
  private @Nullable Path image;

  /**
   * What a program did.
   *
   * @param exitCode as a shell shows it
   * @param out standard output
   * @param err standard error
   * @param calls its system calls, decoded as strace shows them
   */
  public record Result(int exitCode, String out, String err, List<String> calls) {}

  /** Runs a static arm64 program of this machine to its end. */
  public Result run(Path program, String... arguments) throws IOException {
    Arm64Machine running = machine();
    String name = "/bin/" + program.getFileName();
    bind(running, program, name);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    running.setStreams(InputStream.nullInputStream(), out, err);
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(arguments));
    calls.clear();
    int exitCode = running.run(name, command, List.of("PATH=/bin"));
    return new Result(
        exitCode,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8),
        List.copyOf(calls));
  }

  private Arm64Machine machine() throws IOException {
    Arm64Machine started = machine;
    if (started == null) {
      Path disk = Files.createTempFile("guest", ".img");
      image = disk;
      Mke2fs.format(disk, DISK_BYTES, new Mke2fsOptions());
      started = boot(disk);
      machine = started;
      strace =
          Strace.attach(
              started.dispatch(), number -> true, SHOWN_BYTES, Strace.Format.TEXT, calls::add);
    }
    return started;
  }

  private static Arm64Machine boot(Path disk) throws IOException {
    try {
      Arm64Machine started =
          new Arm64Machine(
              KernelOptions.defaults(), vfs -> vfs.mountRoot("tmpfs", "none", null, 0, "mode=755"));
      BlockDevice device = null;
      for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
        if (type.name().equals("loop")) {
          device = type.create(started.kernel().vfs().devices(), disk.toString());
        }
      }
      mount(started, "/disk", true, "ext2", "/dev/loop0", device, "");
      return started;
    } catch (MountException e) {
      throw new IOException(e);
    }
  }

  private static void bind(Arm64Machine machine, Path program, String name) throws IOException {
    if (!Files.isRegularFile(program)) {
      throw new IOException("there is no program " + program);
    }
    String file = program.toAbsolutePath().toString();
    try {
      mount(machine, name, false, "hostfs", file, null, HostFileSystemType.TRUSTED);
    } catch (MountException e) {
      throw new IOException(e);
    }
  }

  private static void mount(
      Arm64Machine machine,
      String where,
      boolean folder,
      String type,
      String source,
      @Nullable BlockDevice disk,
      String options)
      throws MountException {
    Task caller = machine.kernel().newProcess(Cred.ROOT, "test");
    machine.kernel().enter(caller);
    try {
      Namei.mkdirat(caller, Fcntl.AT_FDCWD, folder ? where : "/bin", 0755);
      if (!folder) {
        Namei.mknodat(caller, Fcntl.AT_FDCWD, where, 0100644, 0);
      }
      dev.svc0.runtime.vfs.Path place = Namei.kernPath(caller, where, Lookup.FOLLOW, new long[1]);
      if (place == null) {
        throw new IllegalStateException("there is no " + where);
      }
      machine.kernel().vfs().mountAt(place, type, source, disk, 0, options);
    } finally {
      machine.kernel().leave(caller, 0);
    }
  }

  /**
   * The bytes of the disk, after everything was written back and the machine has ended: what would
   * be there if it were started again. One character a byte.
   */
  public String disk() throws IOException {
    stop();
    Path file = image;
    return file == null ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private void stop() {
    Arm64Machine running = machine;
    SyscallHooks.Registration listening = strace;
    if (running != null && listening != null) {
      listening.close();
      running.close();
      machine = null;
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    stop();
    if (image != null) {
      Files.deleteIfExists(image);
      image = null;
    }
  }
}
