package dev.svc0.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs commands of this machine and measures their CPU time. */
final class BenchRun {
  /** The last line of the shell's {@code times}: user and system time of its children. */
  private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*$");

  /** Repeats the command so often as the first argument says. */
  private static final String REPEAT =
      "n=$1; shift; while [ $n -gt 0 ]; do \"$@\" >/dev/null || exit; n=$((n-1)); done; times";

  /** What takes less is repeated: the clock has ticks. */
  private static final double BRIEF_SECONDS = 0.05;

  private static final int REPEATED = 20;

  private BenchRun() {}

  /** The path of a tool; null when it is not installed. */
  static @Nullable String find(String tool) {
    String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (String folder : path.split(":")) {
      Path file = Path.of(folder, tool);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    return null;
  }

  /**
   * Runs a command to its end in a folder, null for this one; what it printed, standard error too.
   */
  static String run(List<String> command, @Nullable Path folder)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder == null ? null : folder.toFile());
    builder.environment().put("SVC0_NO_BUILD", "1");
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new CommandException(
          CommandException.FAILED, String.join(" ", command) + " failed: " + text.strip());
    }
    return text;
  }

  /**
   * User and system time of a command with all its children; the mean of many, when it is brief.
   */
  static double cpuSeconds(List<String> command, @Nullable Path folder)
      throws IOException, InterruptedException {
    double once = cpuSeconds(command, folder, 1);
    return once >= BRIEF_SECONDS ? once : cpuSeconds(command, folder, REPEATED) / REPEATED;
  }

  private static double cpuSeconds(List<String> command, @Nullable Path folder, int times)
      throws IOException, InterruptedException {
    List<String> shell = new ArrayList<>(List.of("sh", "-c", REPEAT, "sh"));
    shell.add(Integer.toString(times));
    shell.addAll(command);
    String text = run(shell, folder);
    Matcher shown = TIMES.matcher(text);
    if (!shown.find()) {
      throw new CommandException(
          CommandException.FAILED, "the shell's times are not as expected: " + text.strip());
    }
    return 60 * Double.parseDouble(shown.group(1))
        + Double.parseDouble(shown.group(2))
        + 60 * Double.parseDouble(shown.group(3))
        + Double.parseDouble(shown.group(4));
  }
}
