package dev.svc0.samples.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command of a README does what the README says: blocks marked {@code sh} are run, line by
 * line; a plain block behind one is what they print, where … stands for anything. Blocks marked
 * {@code text} show commands about files of the reader: a disk image, a tar archive and a program
 * stand for those.
 *
 * <p>{@link #NOT_RUN} says what is left out and why; of the READMEs, that of the benchmarks, whose
 * commands measure for minutes.
 */
class ReadmeIT {
  private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();
  private static final long SECONDS = 300;

  /** What a call graph begins the part of a task with. */
  private static final String TASK = "-- task ";

  /** How lines begin, or what they hold, that are not run here, and why. */
  private static final Map<String, String> NOT_RUN =
      Map.of(
          "mvn ", "the build and its tests, of which this is one",
          "--fetch ", "downloads from Debian; DebTest imports packages that are there",
          "--root debian.img ", "its image is made by the line before",
          "--pid ", "names a process of the reader; TraceIT records one of its own",
          "--plugin fs.jar", "jars of the reader; own-file-system is run with ours",
          ". <(", "for bash; CompletionIT reads it with bash and zsh");

  private static final String OWN_CALL =
      "samples/custom-syscall/target/svc0-sample-custom-syscall.jar";

  @TempDir Path folder;

  static Stream<Path> readmes() throws IOException {
    try (Stream<Path> samples = Files.list(HOME.resolve("samples"))) {
      List<Path> found =
          samples
              .map(sample -> sample.resolve("README.md"))
              .filter(Files::exists)
              .filter(readme -> !readme.getParent().endsWith("benchmarks"))
              .sorted()
              .toList();
      assertThat(found).hasSizeGreaterThan(5);
      Stream<Path> ours = Stream.of(HOME.resolve("README.md"), HOME.resolve("cli/README.md"));
      return Stream.concat(ours, found.stream());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readmes")
  void doesWhatItSays(Path readme) throws Exception {
    Files.createSymbolicLink(folder.resolve("svc0"), HOME.resolve("svc0"));
    Files.createSymbolicLink(folder.resolve("samples"), HOME.resolve("samples"));
    String printed = "";
    for (Block block : blocks(readme)) {
      if (block.language.equals("sh")) {
        StringBuilder all = new StringBuilder();
        for (String line : block.lines) {
          if (isRun(line)) {
            all.append(run(line));
          }
        }
        printed = all.toString();
      } else if (block.language.equals("text")) {
        makeFilesOfTheReader();
        for (String line : block.lines) {
          if (isRun(line)) {
            run(line.replaceFirst(" [.]/prog( |$)", " " + program(line) + "$1"));
          }
        }
      } else if (block.language.isEmpty() && !printed.isEmpty()) {
        compare(readme, block, printed.lines().toList());
      }
    }
  }

  private static boolean isRun(String line) {
    return !line.isBlank()
        && !line.startsWith("#")
        && NOT_RUN.keySet().stream().noneMatch(line::contains);
  }

  /** A program that writes in every way, and calls a call of our own, stands for the reader's. */
  private static String program(String line) {
    String where = line.contains(":/mnt") ? "/mnt" : "/tmp";
    return "--syscalls " + OWN_CALL + " ./prog " + where;
  }

  private void makeFilesOfTheReader() throws Exception {
    if (!Files.exists(folder.resolve("prog"))) {
      Files.createSymbolicLink(
          folder.resolve("prog"), HOME.resolve("samples/guests/bin/write-paths"));
      run("./svc0 image create disk.img --size 16M");
      run("tar -cf root.tar -C samples/guests bin");
    }
  }

  /** Tasks run side by side: what each of them prints is compared for itself. */
  private static void compare(Path readme, Block block, List<String> printed) {
    Set<String> tasks =
        block.lines.stream().filter(line -> line.startsWith(TASK)).collect(Collectors.toSet());
    Map<String, List<String>> actual = byTask(printed, tasks);
    byTask(block.lines, tasks)
        .forEach((task, lines) -> {
          String text = String.join("\n", actual.getOrDefault(task, List.of()));
          assertThat(text).as(readme + " shows " + task).containsSubsequence(pieces(lines));
        });
  }

  /**
   * The lines by the task that they stand under, each of {@code tasks}; all others under an empty
   * name.
   */
  private static Map<String, List<String>> byTask(List<String> lines, Set<String> tasks) {
    Map<String, List<String>> byTask = new LinkedHashMap<>();
    String task = "";
    for (String line : lines) {
      if (line.startsWith(TASK)) {
        task = tasks.contains(line) ? line : "";
      } else if (line.startsWith("svc0: ")) {
        task = "";
      }
      byTask.computeIfAbsent(task, name -> new ArrayList<>()).add(line);
    }
    return byTask;
  }

  /** The parts of an expected output between the dots. */
  private static List<String> pieces(List<String> lines) {
    List<String> pieces = new ArrayList<>();
    for (String line : lines) {
      // In a call graph, processor and duration are different each time.
      String steady = line.replaceFirst("^ +[…\\d].*?[|] ", "");
      for (String piece : steady.split("…")) {
        if (!piece.isBlank()) {
          pieces.add(piece.strip());
        }
      }
    }
    return pieces;
  }

  /** A block of a README. */
  private record Block(String language, List<String> lines) {}

  private static List<Block> blocks(Path readme) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> inside = null;
    for (String line : Files.readAllLines(readme)) {
      if (line.startsWith("```") && inside == null) {
        inside = new ArrayList<>();
        blocks.add(new Block(line.substring(3), inside));
      } else if (line.startsWith("```")) {
        inside = null;
      } else if (inside != null) {
        inside.add(line);
      }
    }
    return blocks;
  }

  private String run(String line) throws Exception {
    needTool(line, "/usr/sbin/mke2fs");
    Path out = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile());
    String java = System.getProperty("java.home");
    builder.environment().put("SVC0_NO_BUILD", "1");
    builder.environment().put("SVC0_JAVA_HOME", java);
    builder.environment().merge("PATH", java + "/bin:", (path, first) -> first + path);
    Process process = builder.start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + SECONDS + " s: " + line);
    }
    String text = Files.readString(out, StandardCharsets.ISO_8859_1);
    assertThat(process.exitValue()).as(line + "\n" + text).isZero();
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  private static void needTool(String line, String tool) {
    if (line.startsWith(tool) && !Files.isExecutable(Path.of(tool))) {
      assertThat(System.getenv("CI")).as(tool + " must be installed in CI").isNull();
      Assumptions.abort(tool + " is not installed");
    }
  }
}
