package dev.svc0.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code svc0 run} without the library that reads command lines: loading that costs more time than
 * a short program takes. Whatever is not plainly right (help, an unknown option, a wrong value) is
 * left to the library, which knows how to say it.
 */
final class QuickRun {
  private static final List<String> MAY_STAND_ALONE =
      List.of("--strace", "--statistics", "--engine-stats", "--profile");

  private final MachineOptions options;
  private final List<String> command;

  private QuickRun(MachineOptions options, List<String> command) {
    this.options = options;
    this.command = command;
  }

  /** What to run; null when the whole command line is needed to tell. */
  static @Nullable QuickRun parse(String... arguments) {
    if (arguments.length < 2 || !arguments[0].equals("run")) {
      return null;
    }
    MachineOptions options = new MachineOptions();
    int at = 1;
    while (at < arguments.length && arguments[at].startsWith("-")) {
      String word = arguments[at++];
      if (word.equals("--")) {
        break;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value;
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (MAY_STAND_ALONE.contains(name)) {
        value = "-";
      } else if (at < arguments.length) {
        value = arguments[at++];
      } else {
        return null;
      }
      try {
        if (!options.set(name, value)) {
          return null;
        }
      } catch (CommandException wrongValue) {
        return null;
      }
    }
    boolean plain = at < arguments.length && !arguments[at].startsWith("@");
    return plain ? new QuickRun(options, List.of(arguments).subList(at, arguments.length)) : null;
  }

  MachineOptions options() {
    return options;
  }

  /** Runs it; the exit status. */
  int run() {
    return RunCommand.run(options, command);
  }
}
