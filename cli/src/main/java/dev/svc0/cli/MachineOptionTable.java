package dev.svc0.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The options of the machine as the command line, its help, completion and manual show them. */
final class MachineOptionTable {
  /**
   * One option.
   *
   * @param label what its value is
   * @param alone the value it has when none is given; null when it needs one
   * @param repeated whether it may be given several times
   */
  record Row(
      String name, String label, @Nullable String alone, boolean repeated, String description) {}

  static final List<Row> ROWS =
      List.of(
          one(
              "--root",
              "DIR|IMAGE[:rw]",
              "What the program sees as /: a folder (read-only below a layer in memory, unless :rw)"
                  + " or a disk image. Without it: a small tree in memory with the program in it."),
          many(
              "--image",
              "FILE[:/MOUNT][:ro]",
              "Mount a disk image, on /mnt if nothing else is said."),
          many(
              "--bind",
              "HOST:GUEST[:ro]",
              "Show a folder or a file of this machine at a place; writable unless :ro."),
          many(
              "--drive",
              "DRIVER:OPTIONS",
              "Add a disk: brd:size=64M, loop:FILE[,ro], null:size=1G, nbd:HOST:PORT …"),
          many(
              "--mount",
              "TYPE:SOURCE:/GUEST",
              "Mount a file system; SOURCE is a disk of --drive, or whatever the type takes."),
          many(
              "--plugin",
              "JAR",
              "Use the file systems and block drivers that a jar brings, for --mount and --drive."),
          many("--env", "NAME=VALUE", "Set an environment variable of the program."),
          one("--cwd", "DIR", "Where the program starts (default: /)."),
          one("--user", "UID[:GID]", "As whom the program runs inside (default: 0)."),
          one("--hostname", "NAME", "What the program sees as the machine's name (default: svc0)."),
          one("--memory", "SIZE", "Memory for programs (default: 1G)."),
          one("--page-cache", "SIZE", "Memory for cached files (default: 256M)."),
          one("--cpus", "N", "Processors the program sees (default: those of this machine)."),
          one(
              "--engine",
              "auto|interp|quick|jit",
              "What executes programs: interp interprets, auto (the default) also translates what"
                  + " is warm, and better what is hot. For tests, quick and jit translate all code"
                  + " before it runs, quick to the host's machine code, jit to bytecode."),
          one(
              "--code-cache",
              "DIR|none",
              "Where translated code is kept for the next run of the program (default: svc0/code in"
                  + " the user's cache folder); none keeps nothing."),
          new Row(
              "--engine-stats",
              "FILE",
              "-",
              false,
              "At the end, print what was translated, and why not, to standard error or to a"
                  + " file."),
          new Row(
              "--profile",
              "FILE",
              "-",
              false,
              "At the end, print in which functions programs spent their time, to standard error or"
                  + " to a file; as folded stacks for flame graphs when it ends with .folded."),
          one(
              "--timeout",
              "SECONDS",
              "End the program after so long; the exit status is then 124."),
          many("--syscalls", "JAR", "Add the system calls that a jar defines."),
          new Row(
              "--strace",
              "FILE",
              "-",
              false,
              "Print each system call, decoded, to standard error or to a file."),
          new Row(
              "--statistics",
              "FILE",
              "-",
              false,
              "At the end, print how often each system call was made, failed, and how long it took,"
                  + " to standard error or to a file (JSON when its name ends in .json)."),
          many(
              "--kernel-option",
              "NAME=VALUE",
              "Set a limit of the kernel: "
                  + String.join(", ", KernelTuning.NAMES)
                  + " (as in /proc/sys)."));

  private MachineOptionTable() {}

  private static Row one(String name, String label, String description) {
    return new Row(name, label, null, false, description);
  }

  private static Row many(String name, String label, String description) {
    return new Row(name, label, null, true, description + " May be repeated.");
  }

  /** Adds the options to a command; what is given goes into {@code options}. */
  static void addTo(CommandSpec spec, MachineOptions options) {
    for (Row row : ROWS) {
      OptionSpec.Builder option =
          OptionSpec.builder(row.name)
              .paramLabel(row.label)
              .description(row.description.replace("%", "%%"))
              .type(row.repeated ? String[].class : String.class)
              .setter(new Into(row, options, spec));
      if (row.name.equals("--engine")) {
        option.completionCandidates(List.of(row.label.split("[|]")));
      }
      if (row.alone != null) {
        option.arity("0..1").fallbackValue(row.alone);
      }
      spec.addOption(option.build());
    }
  }

  /** Hands on what the parser read; of a repeated option, the new values each time. */
  private static final class Into implements ISetter {
    private final Row row;
    private final MachineOptions options;
    private final CommandSpec spec;

    Into(Row row, MachineOptions options, CommandSpec spec) {
      this.row = row;
      this.options = options;
      this.spec = spec;
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // the interface is as it is
    public <T> @Nullable T set(@Nullable T value) {
      if (value instanceof String[] all) {
        for (String one : all) {
          take(one);
        }
      } else if (value != null) {
        take(value.toString());
      }
      return null;
    }

    private void take(String value) {
      try {
        options.set(row.name, value);
      } catch (CommandException wrong) {
        throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()));
      }
    }
  }
}
