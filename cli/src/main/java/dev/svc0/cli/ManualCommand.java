package dev.svc0.cli;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

/** Writes the manual pages, from the same definitions as the help. */
@Command(
    name = "manual",
    description = "Write the manual pages, one a command, into a folder.",
    footer = {"", "Examples:", "  svc0 manual man && man man/svc0-run.1"})
final class ManualCommand implements Callable<Integer> {
  private static final int LINE = 78;

  @Parameters(paramLabel = "DIR", description = "The folder; made if it is not there.")
  Path folder = Path.of("man");

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    page(Svc0.complete().setCommandName("svc0"));
    return 0;
  }

  private void page(CommandLine command) throws IOException {
    CommandSpec spec = command.getCommandSpec();
    String name = spec.qualifiedName("-");
    StringBuilder text = new StringBuilder();
    text.append(".TH \"").append(name.toUpperCase(Locale.ROOT)).append("\" 1 \"");
    text.append(date()).append("\" \"svc0\"\n");
    String[] description = spec.usageMessage().description();
    text.append(".SH NAME\n").append(escape(name)).append(" \\- ");
    text.append(plain(description.length == 0 ? "" : description[0])).append('\n');
    text.append(".SH SYNOPSIS\n.nf\n");
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    text.append(escape(help.synopsis(0))).append(".fi\n.SH DESCRIPTION\n");
    for (String line : description) {
      text.append(filled(line));
    }
    arguments(spec, text);
    commands(command, text);
    text.append(".SH NOTES\n.nf\n");
    for (String line : spec.usageMessage().footer()) {
      text.append(plain(line)).append('\n');
    }
    text.append(".fi\n");
    Files.writeString(folder.resolve(name + ".1"), text);
    for (CommandLine one : command.getSubcommands().values()) {
      if (!one.getCommandName().equals("help")) {
        page(one);
      }
    }
  }

  private static void arguments(CommandSpec spec, StringBuilder text) {
    text.append(".SH OPTIONS\n");
    for (PositionalParamSpec one : spec.positionalParameters()) {
      argument(one.paramLabel(), one, text);
    }
    for (OptionSpec one : spec.options()) {
      String label = one.arity().max() == 0 ? "" : "=" + one.paramLabel();
      argument(String.join(", ", one.names()) + label, one, text);
    }
  }

  private static void argument(String head, ArgSpec spec, StringBuilder text) {
    text.append(".TP\n\\fB").append(escape(head)).append("\\fR\n");
    for (String line : spec.description()) {
      String values = String.join(", ", candidates(spec));
      text.append(
          filled(
              line.replace("${COMPLETION-CANDIDATES}", values)
                  .replace("${DEFAULT-VALUE}", String.valueOf(spec.defaultValue()))));
    }
  }

  private static Iterable<String> candidates(ArgSpec spec) {
    Iterable<String> known = spec.completionCandidates();
    return known == null ? java.util.List.of() : known;
  }

  private static void commands(CommandLine command, StringBuilder text) {
    if (command.getSubcommands().isEmpty()) {
      return;
    }
    text.append(".SH COMMANDS\n");
    for (CommandLine one : command.getSubcommands().values()) {
      String[] description = one.getCommandSpec().usageMessage().description();
      text.append(".TP\n\\fB").append(escape(one.getCommandName())).append("\\fR\n");
      text.append(filled(description.length == 0 ? "" : description[0]));
    }
  }

  /** When the command's jar was made: as its build says, the same for the same sources. */
  private static LocalDate date() throws IOException {
    URL here = Objects.requireNonNull(ManualCommand.class.getResource("ManualCommand.class"));
    long millis = here.openConnection().getLastModified();
    return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  /** Running text, in lines that are easy to compare. */
  private static String filled(String text) {
    StringBuilder lines = new StringBuilder();
    String line = "";
    for (String word : plain(text).split("[ \n]+")) {
      if (!line.isEmpty() && line.length() + word.length() >= LINE) {
        lines.append(line).append('\n');
        line = "";
      }
      line += line.isEmpty() ? startOfLine(word) : " " + word;
    }
    return lines.append(line).append('\n').toString();
  }

  private static String startOfLine(String word) {
    return word.startsWith(".") || word.startsWith("'") ? "\\&" + word : word;
  }

  /** Text of a help, in which %% stands for %, for the formatter. */
  private static String plain(String text) {
    return escape(text.replace("%%", "%").replace("%n", "\n"));
  }

  private static String escape(String text) {
    return startOfLine(text.replace("\\", "\\e").replace("-", "\\-"));
  }
}
