package dev.svc0.cli;

import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.jit.Engines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options of the machine a program runs on; the same for {@code run} and {@code trace}. Known to
 * the command line by {@link MachineOptionTable}; nothing here needs the library that reads command
 * lines, which costs more than a short program.
 */
final class MachineOptions {
  /** Less is not enough for one program that does nothing. */
  private static final long LEAST_MEMORY = 512L << 10;

  private static final long LEAST_CACHE = 64L << 10;

  @Nullable String root;
  List<String> images = new ArrayList<>();
  List<String> binds = new ArrayList<>();
  List<String> drives = new ArrayList<>();
  List<String> mounts = new ArrayList<>();
  List<Path> plugins = new ArrayList<>();
  Map<String, String> environment = new LinkedHashMap<>();
  String workingDirectory = "/";
  String user = "0";
  String hostname = "svc0";
  ByteSize memory = new ByteSize(1L << 30);
  ByteSize pageCache = new ByteSize(256L << 20);
  int cpus = Runtime.getRuntime().availableProcessors();
  @Nullable String engine;

  /** Files get their times from the program's instructions, and disks work while it waits. */
  boolean instructionTime;

  @Nullable String codeCache;
  @Nullable String engineStatistics;
  @Nullable String profile;
  double timeoutSeconds;
  List<Path> syscallJars = new ArrayList<>();
  @Nullable String strace;
  @Nullable String statistics;
  Map<String, String> kernelOptions = new LinkedHashMap<>();

  /**
   * Takes the value of an option.
   *
   * @return whether there is such an option
   * @throws CommandException when the value makes no sense
   */
  boolean set(String name, String value) {
    switch (name) {
      case "--root" -> root = value;
      case "--image" -> images.add(value);
      case "--bind" -> binds.add(value);
      case "--drive" -> drives.add(value);
      case "--mount" -> mounts.add(value);
      case "--plugin" -> plugins.add(Path.of(value));
      case "--env" -> put(environment, name, value);
      case "--cwd" -> workingDirectory = value;
      case "--user" -> user = value;
      case "--hostname" -> hostname = value;
      case "--memory" -> memory = size(name, value, LEAST_MEMORY);
      case "--page-cache" -> pageCache = size(name, value, LEAST_CACHE);
      case "--cpus" -> cpus = (int) number(name, value, 1, 1024);
      case "--engine" -> engine = value;
      case "--code-cache" -> codeCache = value;
      case "--engine-stats" -> engineStatistics = value;
      case "--profile" -> profile = value;
      case "--timeout" -> timeoutSeconds = number(name, value, 0, Integer.MAX_VALUE);
      case "--syscalls" -> syscallJars.add(Path.of(value));
      case "--strace" -> strace = value;
      case "--statistics" -> statistics = value;
      case "--kernel-option" -> put(kernelOptions, name, value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void put(Map<String, String> to, String option, String pair) {
    int equals = pair.indexOf('=');
    if (equals <= 0) {
      throw usage(option + " takes NAME=VALUE, not '" + pair + "'");
    }
    to.put(pair.substring(0, equals), pair.substring(equals + 1));
  }

  private static ByteSize size(String option, String text, long least) {
    try {
      ByteSize size = ByteSize.parse(text);
      if (size.bytes() < least) {
        throw usage(option + " takes at least " + (least >> 10) + "K, not '" + text + "'");
      }
      return size;
    } catch (IllegalArgumentException e) {
      throw usage(option + ": " + e.getMessage());
    }
  }

  private static double number(String option, String text, double least, double most) {
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for every wrong form
    }
    throw usage(option + " takes a number from " + (long) least + ", not '" + text + "'");
  }

  static CommandException usage(String sentence) {
    return new CommandException(CommandException.USAGE, sentence);
  }

  /** A new engine, of the kind asked for. */
  Engine newEngine() {
    try {
      return engine == null ? Engines.createDefault() : Engines.of(engine).create();
    } catch (IllegalArgumentException e) {
      throw usage("--engine takes auto, interp, quick or jit, not '" + engine + "'");
    }
  }

  /** Whether programs are executed as usual, and not as tests want it. */
  boolean isEngineUsual() {
    return engine == null || engine.equalsIgnoreCase(Engines.AUTO.name());
  }

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
    throw usage("--user takes numbers, UID or UID:GID, not '" + user + "'");
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
