package dev.svc0.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a program. */
@Command(
    name = "run",
    description = "Run an arm64 Linux program; the exit status is the program's.",
    footer = {
      "",
      "Examples:",
      "  svc0 run ./busybox echo hello",
      "  svc0 run --image disk.img:/mnt ./busybox ls -l /mnt",
      "  svc0 run --root debian bash -c 'echo $BASH_VERSION'",
      "  svc0 run --strace ./hello",
      "",
      "Exit status: the program's; 128 + N when signal N ended it; 124 after --timeout; 125 when",
      "svc0 itself failed; 126 when the program cannot be executed; 127 when there is none."
    })
final class RunCommand implements Callable<Integer> {
  final MachineOptions machine = new MachineOptions();

  @Parameters(arity = "1..*", paramLabel = "PROGRAM [ARG…]", description = "What to run.")
  List<String> command = new ArrayList<>();

  @Override
  public Integer call() {
    return run(machine, command);
  }

  /** Runs a program to its end; its exit status as a shell shows it. */
  static int run(MachineOptions machine, List<String> command) {
    try (Session session = new Session(machine, command);
        TraceRequests requests = TraceRequests.of(session)) {
      return session.run();
    }
  }
}
