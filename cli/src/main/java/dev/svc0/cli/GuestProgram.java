package dev.svc0.cli;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.ProgramException;
import dev.svc0.cli.image.ImageFiles;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private static final List<String> LIBRARY_FOLDERS =
      List.of(
          "/lib/aarch64-linux-gnu/",
          "/usr/lib/aarch64-linux-gnu/",
          "/usr/local/lib/",
          "/lib/",
          "/usr/lib/",
          "/lib64/",
          "/usr/lib64/");

  private final List<String> arguments;
  private final String name;
  private final String workingDirectory;
  private final @Nullable Path hostFile;
  private final @Nullable String root;
  private String path;

  GuestProgram(MachineOptions options, List<String> command) {
    name = command.getFirst();
    arguments = command.stream().map(GuestTree::bytesOf).toList();
    path = arguments.getFirst();
    workingDirectory = options.workingDirectory;
    root = options.root;
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

  /**
   * The content of a file that the program sees, read from this machine; null when it is elsewhere.
   */
  byte @Nullable [] contentOnHost(String guestPath) {
    Path file =
        guestPath.equals(path) && hostFile != null
            ? hostFile
            : root == null ? null : Path.of(root).resolve(guestPath.substring(1));
    try {
      return file != null && Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      return null; // addresses stay numbers
    }
  }

  List<String> arguments() {
    return arguments;
  }

  /** What to tell somebody whose program could not be executed. */
  CommandException explain(Arm64Machine machine, ProgramException failure) {
    if (!isFolder(machine, GuestTree.bytesOf(workingDirectory))) {
      return new CommandException(
          CommandException.FAILED, "--cwd: there is no folder " + workingDirectory + " inside");
    }
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
        reason = missing(machine, interpreter);
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

  private static boolean isFolder(Arm64Machine machine, String path) {
    try (ImageFiles files = new ImageFiles(machine)) {
      return files.isFolder(path);
    } catch (IOException notThere) {
      return false;
    }
  }

  private String missing(Arm64Machine machine, String interpreter) {
    return interpreter.startsWith("/lib/ld-linux") || interpreter.startsWith("/lib/ld-musl")
        ? "its root lacks libraries: " + ElfCheck.needs(interpreter, whole(machine))
        : "its interpreter " + interpreter + " is not there";
  }

  /**
   * What to add to the words of a program's own loader when it found a library missing; null when
   * none is.
   */
  @Nullable String lackingLibraries(Arm64Machine machine) {
    List<String> lacking = new ArrayList<>();
    try (ImageFiles files = new ImageFiles(machine)) {
      for (String library : SharedLibraries.of(whole(machine))) {
        if (LIBRARY_FOLDERS.stream().noneMatch(folder -> exists(files, folder + library))) {
          lacking.add(library);
        }
      }
    }
    return lacking.isEmpty()
        ? null
        : "the root has no "
            + String.join(", ", lacking)
            + " for "
            + name
            + "; make one with the packages they are in: svc0 image import-debs IMAGE --fetch"
            + " PACKAGE";
  }

  private static boolean exists(ImageFiles files, String path) {
    try {
      files.lstat(path);
      return true;
    } catch (IOException notThere) {
      return false;
    }
  }

  /** The program as it is inside; empty when it cannot be read. */
  private ByteBuffer whole(Arm64Machine machine) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageFiles files = new ImageFiles(machine)) {
      files.read(path, bytes);
    } catch (IOException unreadable) {
      return ByteBuffer.allocate(0);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  /** A host file, for reading. */
  static ByteBuffer mapped(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    } catch (IOException e) {
      throw new CommandException(
          CommandException.CANNOT_EXECUTE, "cannot read " + file + ": " + e.getMessage());
    }
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
