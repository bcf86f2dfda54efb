package dev.svc0.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options of the machine a program runs on; the same for {@code run} and {@code trace}. */
final class MachineOptions {
  @Option(
      names = "--root",
      paramLabel = "DIR|IMAGE[:rw]",
      description =
          "What the program sees as /: a folder (read-only below a layer in memory, unless :rw) or a"
              + " disk image. Without it: a small tree in memory with the program in it.")
  @Nullable String root;

  @Option(
      names = "--image",
      paramLabel = "FILE[:/MOUNT][:ro]",
      description = "Mount a disk image, on /mnt if nothing else is said. May be repeated.")
  List<String> images = new ArrayList<>();

  @Option(
      names = "--bind",
      paramLabel = "HOST:GUEST[:ro]",
      description = "Show a folder or a file of this machine at a place. May be repeated.")
  List<String> binds = new ArrayList<>();

  @Option(
      names = "--drive",
      paramLabel = "DRIVER:OPTIONS",
      description = "Add a disk: brd:size=64M, loop:FILE, null:size=1G … May be repeated.")
  List<String> drives = new ArrayList<>();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "Set an environment variable of the program. May be repeated.")
  Map<String, String> environment = new LinkedHashMap<>();

  @Option(
      names = "--cwd",
      paramLabel = "DIR",
      defaultValue = "/",
      description = "Where the program starts (default: ${DEFAULT-VALUE}).")
  String workingDirectory = "/";

  @Option(
      names = "--user",
      paramLabel = "UID[:GID]",
      defaultValue = "0",
      description = "As whom the program runs inside (default: ${DEFAULT-VALUE}).")
  String user = "0";

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      defaultValue = "svc0",
      description = "What the program sees as the machine's name (default: ${DEFAULT-VALUE}).")
  String hostname = "svc0";

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "1G",
      converter = ByteSize.Converter.class,
      description = "Memory for programs (default: ${DEFAULT-VALUE}).")
  ByteSize memory = new ByteSize(1L << 30);

  @Option(
      names = "--page-cache",
      paramLabel = "SIZE",
      defaultValue = "256M",
      converter = ByteSize.Converter.class,
      description = "Memory for cached files (default: ${DEFAULT-VALUE}).")
  ByteSize pageCache = new ByteSize(256L << 20);

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "End the program after so long; the exit status is then 124.")
  double timeoutSeconds;

  @Option(
      names = "--syscalls",
      paramLabel = "JAR",
      description = "Add the system calls that a jar defines. May be repeated.")
  List<Path> syscallJars = new ArrayList<>();

  @Option(
      names = "--strace",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "-",
      description = "Print each system call, decoded, to standard error or to a file.")
  @Nullable String strace;

  @Option(
      names = "--statistics",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "-",
      description =
          "At the end, print how often each system call was made, failed, and how long it took, to"
              + " standard error or to a file (JSON when its name ends in .json).")
  @Nullable String statistics;

  /** The user and group id asked for. */
  int[] userAndGroup() {
    String[] parts = user.split(":", -1);
    try {
      int uid = Integer.parseUnsignedInt(parts[0]);
      int gid = parts.length > 1 ? Integer.parseUnsignedInt(parts[1]) : uid;
      if (parts.length <= 2) {
        return new int[] {uid, gid};
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for every wrong form
    }
    throw new CommandException(
        CommandLine.ExitCode.USAGE, "--user takes numbers, UID or UID:GID, not '" + user + "'");
  }

  /** A host path with what was said about it behind colons. */
  record Place(Path host, @Nullable String guest, boolean readOnly, boolean readWrite) {
    /**
     * Reads {@code HOST[:/GUEST][:ro|:rw]}. A host path may contain colons itself: only a last part
     * that starts with a slash, and the words ro and rw, are taken off.
     */
    static Place parse(String text) {
      String rest = text;
      boolean readOnly = false;
      boolean readWrite = false;
      if (rest.endsWith(":ro")) {
        readOnly = true;
        rest = rest.substring(0, rest.length() - 3);
      } else if (rest.endsWith(":rw")) {
        readWrite = true;
        rest = rest.substring(0, rest.length() - 3);
      }
      int colon = rest.lastIndexOf(":/");
      String guest = null;
      if (colon > 0) {
        guest = rest.substring(colon + 1);
        rest = rest.substring(0, colon);
      }
      return new Place(Path.of(rest), guest, readOnly, readWrite);
    }
  }
}
