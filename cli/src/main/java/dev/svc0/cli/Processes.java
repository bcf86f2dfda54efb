package dev.svc0.cli;

import dev.svc0.runtime.host.HostFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The processes of svc0 that run programs on this machine. */
final class Processes {
  private Processes() {}

  /**
   * Makes sure that a process is one.
   *
   * @throws CommandException with those that there are
   */
  static void require(long pid) {
    if (commandOf(Path.of("/proc", Long.toString(pid))) == null) {
      throw new CommandException(
          CommandException.USAGE, "process " + pid + " runs no program with svc0. " + others());
    }
  }

  private static String others() {
    StringBuilder found = new StringBuilder();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path one : all) {
        String command = commandOf(one);
        if (command != null && !one.endsWith(Long.toString(ProcessHandle.current().pid()))) {
          found.append("\n  ").append(one.getFileName()).append("  svc0 ").append(command);
        }
      }
    } catch (IOException e) {
      return "Processes cannot be listed: " + e.getMessage();
    }
    return found.isEmpty() ? "There is none that does." : "There are:" + found;
  }

  /** What stands behind svc0 on the command line of a process, of this user; null for another. */
  private static @Nullable String commandOf(Path process) {
    if (!HostFiles.isMine(process)) {
      return null;
    }
    List<String> words;
    try {
      String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
      words = new ArrayList<>(List.of(line.split("\0")));
    } catch (IOException e) {
      return null; // gone meanwhile
    }
    for (int i = 0; i + 1 < words.size(); i++) {
      boolean svc0 = words.get(i).endsWith("svc0.jar") || words.get(i).endsWith(".cli.Svc0");
      if (svc0 && words.get(i + 1).equals("run")) {
        return String.join(" ", words.subList(i + 1, words.size()));
      }
    }
    return null;
  }
}
