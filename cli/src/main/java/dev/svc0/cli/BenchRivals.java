package dev.svc0.cli;

import dev.svc0.cli.BenchPrograms.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one workload under svc0, natively and under {@code qemu-aarch64}: the arm64 programs come
 * from one Debian root, the native ones from this machine.
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

  private final Path launcher;
  private final Path root;
  private final Path work;
  private final int runs;
  private final Consumer<String> missing;
  private final @Nullable String qemu = BenchRun.find("qemu-aarch64");
  private final boolean qemuSpawns;

  /**
   * Finds out what there is.
   *
   * @param root of arm64 programs
   * @param work where the input is
   * @param runs how often each is run; the best counts
   * @param missing told, in a sentence, what cannot be compared
   */
  BenchRivals(Path launcher, Path root, Path work, int runs, Consumer<String> missing)
      throws IOException, InterruptedException {
    this.launcher = launcher;
    this.root = root;
    this.work = work;
    this.runs = runs;
    this.missing = missing;
    this.qemuSpawns = qemu != null && maySpawn(qemu);
    if (qemu != null && !qemuSpawns) {
      missing.accept(
          "qemu-aarch64 cannot start the programs that a program starts: that needs binfmt_misc in a"
              + " user namespace (Linux 6.7 or newer)");
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

  /** Measures a workload; null when svc0 cannot run it. */
  BenchTable.@Nullable Row measure(Workload workload, String group)
      throws IOException, InterruptedException {
    if (!Files.exists(root.resolve("usr/bin").resolve(workload.program()))) {
      missing.accept(workload.program() + " is not in " + root);
      return null;
    }
    Double own = seconds(workload.name() + " under svc0", svc0(workload));
    return own == null
        ? null
        : new BenchTable.Row(
            group,
            workload.name(),
            own,
            seconds(workload.name() + ", native", host(workload)),
            seconds(workload.name() + " under qemu-aarch64", emulated(workload)));
  }

  /** The command line that runs a program of the root under svc0. */
  List<String> svc0(Workload workload) {
    List<String> command =
        new ArrayList<>(
            List.of(
                launcher.toString(),
                "run",
                "--root",
                root.toString(),
                "--bind",
                work + ":/bench:rw",
                "--cwd",
                "/bench",
                "--env",
                "PYTHONDONTWRITEBYTECODE=1",
                workload.program()));
    command.addAll(workload.arguments(""));
    return command;
  }

  private @Nullable List<String> host(Workload workload) {
    String program = BenchRun.find(workload.program());
    if (program == null) {
      missing.accept(workload.program() + " is not installed here");
      return null;
    }
    List<String> command = new ArrayList<>(List.of("env", "PYTHONDONTWRITEBYTECODE=1", program));
    command.addAll(workload.arguments(""));
    return command;
  }

  private @Nullable List<String> emulated(Workload workload) {
    if (qemu == null || workload.spawns() && !qemuSpawns) {
      return null;
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "PATH=" + root + "/usr/bin",
                "QEMU_LD_PREFIX=" + root,
                "GIT_EXEC_PATH=" + root + "/usr/lib/git-core",
                "PYTHONDONTWRITEBYTECODE=1",
                qemu,
                root.resolve("usr/bin").resolve(workload.program()).toString()));
    command.addAll(workload.arguments(root.toString()));
    return workload.spawns() ? namespace(qemu, command) : command;
  }

  private @Nullable Double seconds(String what, @Nullable List<String> command)
      throws IOException, InterruptedException {
    if (command == null) {
      return null;
    }
    try {
      double best = BenchRun.cpuSeconds(command, work);
      for (int i = 1; i < runs; i++) {
        best = Math.min(best, BenchRun.cpuSeconds(command, work));
      }
      return best;
    } catch (CommandException failed) {
      String text = String.valueOf(failed.getMessage());
      missing.accept(what + " failed: " + text.substring(Math.max(0, text.length() - 200)).strip());
      return null;
    }
  }
}
