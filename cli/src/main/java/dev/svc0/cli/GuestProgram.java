package dev.svc0.cli;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.ProgramException;
import dev.svc0.cli.image.ImageFiles;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which program is meant, and where it is inside the machine.
 *
 * <p>Without a root it is a file of this machine, which is shown as {@code /bin/NAME}. With a root
 * it is a path in there; a bare name is searched as a shell would.
 */
final class GuestProgram {
  private static final List<String> FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private final List<String> arguments;
  private final String name;
  private final @Nullable Path hostFile;
  private String path;

  GuestProgram(MachineOptions options, List<String> command) {
    name = command.getFirst();
    arguments = command.stream().map(GuestTree::bytesOf).toList();
    path = arguments.getFirst();
    hostFile = options.root == null ? findOnHost(name) : null;
    if (hostFile != null) {
      ElfCheck.requireRunnable(hostFile);
    }
  }

  private static Path findOnHost(String name) {
    Path given = Path.of(name);
    if (Files.isRegularFile(given)) {
      return given;
    }
    if (Files.isDirectory(given)) {
      throw new CommandException(CommandException.CANNOT_EXECUTE, name + " is a folder");
    }
    throw new CommandException(
        CommandException.NOT_FOUND,
        "there is no file " + name + " (a name is not searched in PATH; give its path)");
  }

  /** Shows the program in the tree, and settles its path. */
  void place(GuestTree tree, Caller caller) {
    Path file = hostFile;
    if (file != null) {
      path = "/bin/" + GuestTree.bytesOf(file.toAbsolutePath().getFileName().toString());
      tree.bind(caller, file, path, true);
    } else if (path.indexOf('/') < 0) {
      path = search(caller, path);
    }
  }

  private String search(Caller caller, String bare) {
    long[] error = new long[1];
    for (String folder : FOLDERS) {
      String candidate = folder + "/" + bare;
      if (Namei.kernPath(caller, candidate, Lookup.FOLLOW, error) != null) {
        return candidate;
      }
    }
    throw new CommandException(
        CommandException.NOT_FOUND,
        "there is no program " + name + " in " + String.join(":", FOLDERS) + " of the root");
  }

  String path() {
    return path;
  }

  List<String> arguments() {
    return arguments;
  }

  /** What to tell somebody whose program could not be executed. */
  CommandException explain(Arm64Machine machine, ProgramException failure) {
    int errno = failure.errno();
    int status =
        errno == Errno.ENOENT ? CommandException.NOT_FOUND : CommandException.CANNOT_EXECUTE;
    byte[] head = headOf(machine, path);
    String reason;
    if (head == null) {
      reason = errno == Errno.ENOENT ? "there is no such file in the root" : Errno.nameOf(errno);
    } else {
      reason = ElfCheck.explain(head);
      String interpreter = ElfCheck.interpreter(head);
      if (reason == null && errno == Errno.ENOENT && interpreter != null) {
        reason = missing(interpreter);
      }
    }
    return new CommandException(
        status, "cannot run " + name + ": " + (reason == null ? Errno.nameOf(errno) : reason));
  }

  private static byte @Nullable [] headOf(Arm64Machine machine, String path) {
    try (ImageFiles files = new ImageFiles(machine)) {
      return files.head(path, ElfCheck.HEAD_BYTES);
    } catch (IOException unreadable) {
      return null; // the errno of the failure itself says more
    }
  }

  private static String missing(String interpreter) {
    return interpreter.startsWith("/lib/ld-linux") || interpreter.startsWith("/lib/ld-musl")
        ? "it needs "
            + interpreter
            + " and shared libraries, which are not there: give a root that has them with --root"
            + " (on Debian, unpack libc6:arm64 into a folder), or use a statically linked program"
        : "its interpreter " + interpreter + " is not there";
  }

  /** Reads the start of a host file, or stops with a sentence that says why not. */
  static byte[] headOf(Path file, int bytes) {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(bytes);
    } catch (IOException e) {
      throw new CommandException(
          CommandException.CANNOT_EXECUTE, "cannot read " + file + ": " + e.getMessage());
    }
  }
}
