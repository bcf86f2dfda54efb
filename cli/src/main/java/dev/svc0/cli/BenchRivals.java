package dev.svc0.cli;

import dev.svc0.cli.BenchPrograms.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one workload is run under svc0, natively and under {@code qemu-aarch64}: the arm64 programs
 * come from one Debian root, the native ones from this machine.
 */
final class BenchRivals {
  /** Has the kernel start arm64 programs with qemu, in a mount namespace of its own. */
  private static final String REGISTER =
      "mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && printf %s '"
          + ":arm64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
          + "\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff"
          + "\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:'\"$1\"':F'"
          + " > /proc/sys/fs/binfmt_misc/register && shift && exec \"$@\"";

  private static final List<String> NAMESPACE =
      List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", REGISTER, "sh");

  private static final String NO_PYCACHE = "PYTHONDONTWRITEBYTECODE=1";

  private final BenchTools tools;
  private final Path root;
  private final Path work;
  private final boolean qemuSpawns;

  /**
   * Finds out what there is.
   *
   * @param root of arm64 programs
   * @param work where the input is
   */
  BenchRivals(BenchTools tools, Path root, Path work) throws IOException, InterruptedException {
    this.tools = tools;
    this.root = root;
    this.work = work;
    this.qemuSpawns = tools.qemu != null && maySpawn(tools.qemu);
    if (tools.qemu != null && !qemuSpawns) {
      tools.note(
          "qemu-aarch64 cannot start the programs that a program starts: that needs binfmt_misc in a"
              + " user namespace (Linux 6.7 or newer, and unshare)");
    }
  }

  private static boolean maySpawn(String qemu) throws IOException, InterruptedException {
    if (BenchRun.find("unshare") == null) {
      return false;
    }
    try {
      BenchRun.run(namespace(qemu, List.of("true")), null);
      return true;
    } catch (CommandException refused) {
      return false;
    }
  }

  private static List<String> namespace(String qemu, List<String> command) {
    List<String> all = new ArrayList<>(NAMESPACE);
    all.add(qemu);
    all.addAll(command);
    return all;
  }

  /** Whether the root has what the workload runs; said, with what to do, if not. */
  boolean has(Workload workload) {
    for (String program : workload.programs()) {
      if (!Files.exists(root.resolve("usr/bin").resolve(program), LinkOption.NOFOLLOW_LINKS)) {
        tools.note(
            workload.name()
                + ": "
                + program
                + " is not in "
                + root
                + ": it has to be made with Debian's "
                + packages(program)
                + ", as svc0 bench without --guests says");
        return false;
      }
    }
    return true;
  }

  /** The packages of Debian that bring a program. */
  private static String packages(String program) {
    return switch (program) {
      case "true", "ls", "sha256sum" -> "coreutils";
      case "sh" -> "dash";
      case "xz" -> "xz-utils";
      case "python3" -> "python3-minimal";
      case "gcc" -> "gcc libc6-dev";
      default -> program;
    };
  }

  /** The command line that runs a program of the root under svc0. */
  List<String> svc0(Workload workload) {
    List<String> command =
        tools.svc0(
            "--root",
            root.toString(),
            "--bind",
            work + ":/bench:rw",
            "--cwd",
            "/bench",
            "--env",
            NO_PYCACHE,
            workload.program());
    command.addAll(workload.arguments(""));
    return command;
  }

  /** The same of this machine; null when it has not the program. */
  @Nullable List<String> host(Workload workload) {
    for (String program : workload.programs()) {
      if (BenchRun.find(program) == null) {
        tools.note(
            workload.name() + ": nothing native to compare with: apt install " + packages(program));
        return null;
      }
    }
    List<String> command = new ArrayList<>(List.of("env", NO_PYCACHE, workload.program()));
    command.addAll(workload.arguments(""));
    return command;
  }

  /** The same under qemu; null when it cannot run it. */
  @Nullable List<String> emulated(Workload workload) {
    if (tools.qemu == null || workload.spawns() && !qemuSpawns) {
      return null;
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "PATH=" + root + "/usr/bin",
                "QEMU_LD_PREFIX=" + root,
                "GIT_EXEC_PATH=" + root + "/usr/lib/git-core",
                NO_PYCACHE,
                tools.qemu,
                root.resolve("usr/bin").resolve(workload.program()).toString()));
    command.addAll(workload.arguments(root.toString()));
    return workload.spawns() ? namespace(tools.qemu, command) : command;
  }
}
