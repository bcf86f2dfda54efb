package dev.svc0.fs.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The tools of e2fsprogs, which judge what we wrote. */
public final class Tools {
  /**
   * What a tool answered.
   *
   * @param exit its exit status
   * @param output what it printed, errors included
   */
  public record Answer(int exit, String output) {}

  private Tools() {}

  public static Answer run(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, find(words.get(0)));
    try {
      Path log = Files.createTempFile("svc0-tool", ".log");
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(240, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(words + " did not end");
      }
      String output = Files.readString(log, StandardCharsets.ISO_8859_1);
      Files.delete(log);
      return new Answer(process.exitValue(), output);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String find(String tool) {
    for (String folder : List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")) {
      if (Files.isExecutable(Path.of(folder, tool))) {
        return folder + "/" + tool;
      }
    }
    throw missing(tool + " is missing: install e2fsprogs");
  }

  /**
   * A tool is not there: a failure in CI, which installs all of them; elsewhere the test is
   * skipped.
   */
  private static RuntimeException missing(String what) {
    if (System.getenv("CI") != null) {
      throw new AssertionError(what);
    }
    return new TestAbortedException(what);
  }

  /** mke2fs on a new image; the last argument is the size. */
  public static void mke2fs(Path image, String size, String... options) {
    List<String> words = new ArrayList<>(List.of("mke2fs", "-q", "-F"));
    words.addAll(List.of(options));
    words.add(image.toString());
    words.add(size);
    Answer answer = run(words.toArray(String[]::new));
    if (answer.exit != 0) {
      throw new AssertionError(words + ": " + answer.output);
    }
  }

  public static Answer e2fsck(Path image) {
    return run("e2fsck", "-fn", image.toString());
  }

  /** Asserts that e2fsck finds nothing to complain about. */
  public static void assertClean(Path image) {
    Answer answer = e2fsck(image);
    if (answer.exit != 0) {
      throw new AssertionError(answer.output);
    }
  }

  /** A tree of files of all kinds on the host, the same for the same seed. */
  public static void makeTree(Path top, int files, long seed) throws IOException {
    java.util.Random random = new java.util.Random(seed);
    List<Path> folders = new ArrayList<>(List.of(Files.createDirectories(top)));
    for (int i = 0; i < files; i++) {
      Path folder = folders.get(random.nextInt(folders.size()));
      String name = "n" + i + "x".repeat(random.nextInt(random.nextInt(8) == 0 ? 150 : 10));
      switch (random.nextInt(10)) {
        case 0 -> folders.add(Files.createDirectory(folder.resolve(name)));
        case 1 ->
            Files.createSymbolicLink(
                folder.resolve(name), Path.of("t".repeat(1 + random.nextInt(120))));
        default -> {
          byte[] data = new byte[random.nextInt(random.nextInt(20) == 0 ? 300_000 : 5000)];
          random.nextBytes(data);
          Files.write(folder.resolve(name), data);
        }
      }
    }
  }

  public static String debugfs(Path image, String request) {
    return run("debugfs", "-R", request, image.toString()).output;
  }
}
