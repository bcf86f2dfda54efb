package dev.svc0.cli.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the machine's own apt download arm64 packages with all they depend on, into a state of its
 * own: sources and keys are the machine's, its packages and architectures stay as they are.
 */
final class AptDownload {
  private final Path state;

  /** With a folder for lists and packages; a second download finds there what the first left. */
  AptDownload(Path state) {
    this.state = state;
  }

  /**
   * Downloads packages; the folder where they are.
   *
   * @param names as apt-get install takes them
   */
  Path fetch(List<String> names) throws IOException, InterruptedException {
    Path archives = state.resolve("cache/archives");
    Files.createDirectories(archives.resolve("partial"));
    Files.createDirectories(state.resolve("lists/partial"));
    Path installed = state.resolve("status");
    Files.write(installed, new byte[0]);
    run(List.of("update"));
    List<String> install = new ArrayList<>(List.of("install", "--download-only", "--yes"));
    install.add("--no-install-recommends");
    install.addAll(names);
    run(install);
    return archives;
  }

  /** Which files belong to a download: of a folder that holds more, those apt would install. */
  List<Path> files(List<String> names) throws IOException, InterruptedException {
    Path archives = fetch(names);
    List<String> plan = new ArrayList<>(List.of("install", "--print-uris", "--yes"));
    plan.add("--no-install-recommends");
    plan.add("--reinstall");
    plan.addAll(names);
    List<Path> result = new ArrayList<>();
    for (String line : output(withState(plan, state.resolve("none"))).split("\n")) {
      String[] part = line.split(" ");
      if (line.startsWith("'") && part.length > 2) {
        result.add(archives.resolve(part[1]));
      }
    }
    return result;
  }

  private List<String> withState(List<String> arguments, Path cache) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "apt-get",
                "-q",
                "-o",
                "APT::Architecture=arm64",
                "-o",
                "APT::Architectures=arm64",
                "-o",
                "Dir::State::Lists=" + state.resolve("lists").toAbsolutePath(),
                "-o",
                "Dir::State::status=" + state.resolve("status").toAbsolutePath(),
                "-o",
                "Dir::State::extended_states=" + state.resolve("extended_states").toAbsolutePath(),
                "-o",
                "Dir::Cache=" + cache.toAbsolutePath(),
                "-o",
                "Acquire::Languages=none",
                "-o",
                "APT::Sandbox::User="));
    command.add("-o");
    command.add("Debug::NoLocking=true");
    command.addAll(arguments);
    return command;
  }

  private void run(List<String> arguments) throws IOException, InterruptedException {
    output(withState(arguments, state.resolve("cache")));
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new ImageException(
          "--fetch needs apt-get, which this machine does not have: download arm64 packages"
              + " elsewhere and give their folder instead");
    }
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      String reason =
          text.lines().filter(line -> line.startsWith("E:")).findFirst().orElse("status " + status);
      throw new ImageException("apt-get could not fetch the packages: " + reason);
    }
    return text;
  }
}
