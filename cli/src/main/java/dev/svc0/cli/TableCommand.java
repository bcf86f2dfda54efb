package dev.svc0.cli;

import dev.svc0.arm64.Arm64TableDispatch;
import dev.svc0.arm64.X8664TableDispatch;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.render.TableFormat;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a system call table with what is known about each call. */
@Command(
    name = "table",
    description = "Print the system call table of an ABI, with how far each call goes.",
    footer = {
      "",
      "Examples:",
      "  svc0 table | less",
      "  svc0 table --format html > syscalls.html",
      "  svc0 table --abi x86_64 --format json",
      "  svc0 table --format header > svc0-unistd.h"
    })
final class TableCommand implements Callable<Integer> {
  @Option(
      names = "--abi",
      defaultValue = "arm64",
      completionCandidates = Abis.class,
      description = "Which ABI: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  String abi = "arm64";

  @Option(
      names = "--format",
      defaultValue = "text",
      completionCandidates = Formats.class,
      description = "How to print it: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  String format = "text";

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  TableCommand() {
    spec = CommandLine.Model.CommandSpec.create();
  }

  @Override
  public Integer call() {
    TableFormat shape =
        TableFormat.of(format).orElseThrow(() -> unknown("--format", format, TableFormat.names()));
    byte[] text = shape.render(table()).getBytes(StandardCharsets.UTF_8);
    System.out.write(text, 0, text.length);
    System.out.flush();
    return 0;
  }

  private SyscallDispatch table() {
    return switch (abi) {
      case "arm64" -> new Arm64TableDispatch();
      case "x86_64" -> new X8664TableDispatch();
      default -> throw unknown("--abi", abi, "arm64, x86_64");
    };
  }

  private CommandLine.ParameterException unknown(String option, String value, String known) {
    return new CommandLine.ParameterException(
        spec.commandLine(),
        "Unknown value '" + value + "' for " + option + ": it is one of " + known);
  }

  /** The names of the ABIs. */
  static final class Abis implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("arm64", "x86_64").iterator();
    }
  }

  /** The names of the formats. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of(TableFormat.names().split(", ")).iterator();
    }
  }
}
