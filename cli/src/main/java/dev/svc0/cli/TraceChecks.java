package dev.svc0.cli;

import dev.svc0.arm64.Arm64TableDispatch;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TracePoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What can be wrong with a trace that is asked for, said before anything runs. */
final class TraceChecks {
  private static final String ALL_CALLS = "all";

  private TraceChecks() {}

  /** Each name or pattern of {@code -e} must mean a tracepoint. */
  static void events(List<String> names) {
    for (String name : names) {
      EventSelection one = EventSelection.of(name);
      if (TracePoint.all().stream().noneMatch(one::matches)) {
        throw MachineOptions.usage(
            "-e: there is no tracepoint '" + name + "'; svc0 trace --list names them");
      }
    }
  }

  /** Each name must be that of a system call; calls of jars are known when these are loaded. */
  static void calls(String option, List<String> names, MachineOptions machine) {
    if (!machine.syscallJars.isEmpty()) {
      return;
    }
    Arm64TableDispatch table = new Arm64TableDispatch();
    for (String name : names) {
      if (!name.equals(ALL_CALLS) && table.all().stream().noneMatch(i -> i.name().equals(name))) {
        throw MachineOptions.usage(
            option + ": there is no system call '" + name + "'; svc0 table names them");
      }
    }
  }

  /** A file must be in a folder that is there. */
  static void file(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new CommandException(
          CommandException.WRONG_FILE, file + ": there is no folder " + folder);
    }
  }
}
