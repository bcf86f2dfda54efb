package dev.svc0.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command and what is common to all subcommands. */
@Command(
    name = "svc0",
    mixinStandardHelpOptions = true,
    versionProvider = Svc0.Version.class,
    scope = ScopeType.INHERIT,
    description =
        "Runs arm64 Linux programs on a kernel of annotated Java methods, and traces them.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  svc0 demo                                  the main job, on what is in the repository",
      "  svc0 run ./busybox sh -c 'echo $((6*7))'   run a program",
      "  svc0 run --image disk.img:/mnt ./prog      with a disk image mounted on /mnt",
      "  svc0 trace --graph ./prog                  the way of each write to the driver",
      "  svc0 table --format markdown               the system calls and how far each goes"
    })
final class Svc0 implements Runnable {
  private static final int HELP_WIDTH = 100;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of errors.")
  boolean debug;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  Svc0() {
    spec = CommandLine.Model.CommandSpec.create();
  }

  /** Runs the command; its exit status. */
  static int run(String... arguments) {
    Svc0 top = new Svc0();
    CommandLine command = new CommandLine(top);
    addSubcommands(command, arguments);
    configure(command, top);
    for (CommandLine subcommand : command.getSubcommands().values()) {
      if (List.of("run", "trace").contains(subcommand.getCommandName())) {
        subcommand.setStopAtPositional(true); // what follows are the program's own arguments
      }
    }
    return command.execute(withOptionalValues(command, arguments));
  }

  /** How a command reads its arguments and says what is wrong. */
  static void configure(CommandLine command, Svc0 top) {
    command
        .setUsageHelpWidth(HELP_WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((wrong, words) -> usage(wrong))
        .setExecutionExceptionHandler((error, where, parsed) -> {
          if (top.debug) {
            error.printStackTrace(where.getErr());
          }
          return Failure.report(error, where.getErr());
        });
    if (System.getenv("NO_COLOR") != null) {
      command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
  }

  /** Says in one sentence what is wrong with a command line; the exit status for it. */
  private static int usage(CommandLine.ParameterException wrong) {
    CommandLine where = wrong.getCommandLine();
    String message = String.valueOf(wrong.getMessage()).replaceFirst("[.]?\\s*$", "");
    message = message.replace("option option", "option");
    if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched
        && where.getParent() == null
        && !unmatched.getUnmatched().getFirst().startsWith("-")) {
      message = "there is no command '" + unmatched.getUnmatched().getFirst() + "'";
    }
    if (wrong instanceof CommandLine.UnmatchedArgumentException unknown
        && !unknown.getSuggestions().isEmpty()) {
      message += ", did you mean " + String.join(" or ", unknown.getSuggestions()) + "?";
    }
    String help = where.getCommandSpec().qualifiedName() + " --help";
    where.getErr().println("svc0: " + message + "; see " + help);
    return CommandException.USAGE;
  }

  /** What can be done, in the order of the help. */
  private static Map<String, Supplier<Object>> subcommands() {
    Map<String, Supplier<Object>> all = new LinkedHashMap<>();
    all.put("run", RunCommand::new);
    all.put("trace", TraceCommand::new);
    all.put("table", TableCommand::new);
    all.put("image", ImageCommand::new);
    all.put("demo", DemoCommand::new);
    all.put("bench", BenchCommand::new);
    all.put("completion", CompletionCommand::new);
    all.put("manual", ManualCommand::new);
    return all;
  }

  /** Adds the subcommand that is asked for; all of them when none is, as for the help. */
  private static void addSubcommands(CommandLine command, String... arguments) {
    Map<String, Supplier<Object>> all = subcommands();
    Supplier<Object> wanted = arguments.length == 0 ? null : all.get(arguments[0]);
    if (wanted != null) {
      add(command, arguments[0], wanted.get());
    } else {
      all.forEach((name, one) -> add(command, name, one.get()));
    }
  }

  private static void add(CommandLine command, String name, Object subcommand) {
    CommandLine line = new CommandLine(subcommand);
    switch (subcommand) {
      case RunCommand run -> MachineOptionTable.addTo(line.getCommandSpec(), run.machine);
      case TraceCommand trace -> MachineOptionTable.addTo(line.getCommandSpec(), trace.machine);
      default -> {}
    }
    command.addSubcommand(name, line);
  }

  /** The whole command with all subcommands, for completion scripts and manuals. */
  static CommandLine complete() {
    CommandLine command = new CommandLine(new Svc0());
    addSubcommands(command);
    return command;
  }

  /**
   * Writes {@code --option=-} for an option that may stand alone and does, so that the program's
   * name behind it is not taken for its value.
   */
  private static String[] withOptionalValues(CommandLine command, String... arguments) {
    String[] result = arguments.clone();
    CommandLine subcommand =
        arguments.length == 0 ? null : command.getSubcommands().get(arguments[0]);
    if (subcommand == null) {
      return result;
    }
    for (int i = 1; i < result.length && result[i].startsWith("-"); i++) {
      CommandLine.Model.OptionSpec option = subcommand.getCommandSpec().findOption(result[i]);
      if (option != null && option.arity().min() > 0) {
        i++; // its value
      } else if (option != null && option.arity().max() > 0) {
        result[i] += "=" + option.fallbackValue();
      }
    }
    return result;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Missing command: what is to be done?");
  }

  /** Prints the version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Main.version()};
    }
  }
}
