package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The quick way of {@code svc0 run} understands what the slow one does, and nothing else. */
class QuickRunTest {
  @Test
  void everyOptionOfTheTableIsTaken() {
    MachineOptions options = new MachineOptions();
    for (MachineOptionTable.Row row : MachineOptionTable.ROWS) {
      String value =
          switch (row.label()) {
            case "SIZE" -> "8M";
            case "N", "SECONDS" -> "2";
            case "NAME=VALUE" -> "a=b";
            default -> "x";
          };
      assertThat(options.set(row.name(), value)).as(row.name()).isTrue();
    }
    assertThat(options.set("--nothing", "x")).isFalse();
  }

  @Test
  void bothWaysReadTheSame() {
    String[] line = {
      "run", "--root", "r:rw", "--image=a", "--image", "b:/x:ro", "--env", "A=1=2", "--env", "B=",
      "--cpus", "3", "--memory", "64M", "--timeout", "1.5", "--strace", "--user=5:6", "prog",
          "--env"
    };
    assertThat(QuickRun.parse(line)).isNotNull();
    RunCommand slow = new RunCommand();
    CommandLine command = new CommandLine(slow).setStopAtPositional(true);
    MachineOptionTable.addTo(command.getCommandSpec(), slow.machine);
    String[] rest = java.util.Arrays.copyOfRange(line, 1, line.length);
    rest[java.util.Arrays.asList(rest).indexOf("--strace")] = "--strace=-";
    command.parseArgs(rest);
    MachineOptions quick = QuickRun.parse(line).options();
    assertThat(quick).usingRecursiveComparison().isEqualTo(slow.machine);
    assertThat(slow.command).containsExactly("prog", "--env");
    assertThat(quick.images).containsExactly("a", "b:/x:ro");
    assertThat(quick.environment).containsEntry("A", "1=2").containsEntry("B", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "run --help",
        "run -h prog",
        "run --debug prog",
        "run --memory much prog",
        "run --cpus 0 prog",
        "run --env novalue prog",
        "run --root",
        "run --frobnicate x prog",
        "trace --graph prog",
        "run @file"
      })
  void whatIsNotPlainIsLeftToTheLibrary(String line) {
    assertThat(QuickRun.parse(line.split(" "))).isNull();
  }
}
