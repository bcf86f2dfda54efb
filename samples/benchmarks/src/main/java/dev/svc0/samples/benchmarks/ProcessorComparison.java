package dev.svc0.samples.benchmarks;

import dev.svc0.annotation.SyscallDefine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * What the annotation processor adds to a clean build of 300 handlers: the same sources compiled
 * with and without it, in turn, each in a JVM of its own that starts cold. Prints seconds of wall
 * and of CPU time, the medians of seven pairs.
 */
public final class ProcessorComparison {
  private static final int HANDLERS = 300;
  private static final int HANDLERS_A_CLASS = 10;
  private static final int PAIRS = 7;

  /** Seconds of one compilation. */
  private record Times(double wall, double cpu) {}

  private ProcessorComparison() {}

  /**
   * With no arguments measures; otherwise compiles once: a folder, and {@code full} or {@code
   * none}.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 2) {
      compile(Path.of(arguments[0]), arguments[1]);
      return;
    }
    Path folder = Files.createTempDirectory("svc0-processor");
    try {
      writeSources(folder);
      List<Times> with = new ArrayList<>();
      List<Times> without = new ArrayList<>();
      for (int pair = 0; pair < PAIRS; pair++) {
        without.add(inNewJvm(folder, "none"));
        with.add(inNewJvm(folder, "full"));
      }
      print(
          "wall",
          with.stream().map(Times::wall).toList(),
          without.stream().map(Times::wall).toList());
      print(
          "CPU", with.stream().map(Times::cpu).toList(), without.stream().map(Times::cpu).toList());
    } finally {
      delete(folder);
    }
  }

  private static void print(String what, List<Double> with, List<Double> without) {
    double full = median(with);
    double none = median(without);
    System.out.printf(
        Locale.ROOT,
        "%-5s s: without %.2f, with the processor %.2f, added %.2f%n",
        what,
        none,
        full,
        full - none);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static Times inNewJvm(Path folder, String processing)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ProcessorComparison.class.getName(),
                folder.toString(),
                processing)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the compilation failed: " + printed);
    }
    String[] seconds = printed.strip().split(" ", -1);
    return new Times(Double.parseDouble(seconds[0]), Double.parseDouble(seconds[1]));
  }

  private static void compile(Path folder, String processing) throws IOException {
    Path classes = Files.createTempDirectory(folder, "classes");
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    List<String> options =
        List.of(
            "-proc:" + processing,
            "-parameters",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    try (var files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.list(folder)) {
      List<Path> java = sources.filter(path -> path.toString().endsWith(".java")).sorted().toList();
      long start = System.nanoTime();
      boolean compiled =
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
              .call();
      double wall = (System.nanoTime() - start) / 1e9;
      var system =
          (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      System.out.println(wall + " " + system.getProcessCpuTime() / 1e9);
      if (!compiled) {
        throw new IOException("javac found errors");
      }
    }
  }

  private static void writeSources(Path folder) throws IOException {
    for (int first = 0; first < HANDLERS; first += HANDLERS_A_CLASS) {
      StringBuilder source = new StringBuilder();
      source.append(
          "package own;\nimport dev.svc0.annotation.*;\nimport dev.svc0.runtime.task.Task;\n");
      source.append("public final class Calls").append(first).append(" {\n");
      for (int i = first; i < first + HANDLERS_A_CLASS; i++) {
        source.append(
            """
              @SyscallDefine(nr = %d, name = "own_%d")
              public static long own%d(
                  Task task, @Fd int fd, @CString long path,
                  @UserPtr(access = UserPtr.Access.IN, length = "count") long buffer,
                  @Size long count, @Flags("open_flags") int flags) {
                return fd + count + flags;
              }
            """
                .formatted(SyscallDefine.FIRST_OWN + i, i, i));
      }
      Files.writeString(folder.resolve("Calls" + first + ".java"), source.append("}\n"));
    }
    Files.writeString(
        folder.resolve("OwnTable.java"),
        "package own;\n@dev.svc0.annotation.SyscallTable(abi = \"arm64\")\nfinal class OwnTable {}\n");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
