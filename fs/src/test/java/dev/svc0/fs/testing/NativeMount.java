package dev.svc0.fs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** An image mounted by this machine's own kernel, where we may: root, with loop devices. */
public final class NativeMount implements AutoCloseable {
  private final Path folder;
  private boolean mounted = true;

  private NativeMount(Path folder) {
    this.folder = folder;
  }

  /**
   * Mounts; without the right to, the test is skipped.
   *
   * @param folder made if need be
   * @param options as for mount -o, besides loop; may be empty
   */
  public static NativeMount mount(Path image, Path folder, String type, String options)
      throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new TestAbortedException("only root may mount an image");
    }
    if (!Files.readString(Path.of("/proc/filesystems")).contains("\t" + type + "\n")) {
      throw new TestAbortedException("this machine's kernel has no " + type);
    }
    Files.createDirectories(folder);
    List<String> words = new ArrayList<>(List.of("mount", "-t", type, "-o"));
    words.add(options.isEmpty() ? "loop" : "loop," + options);
    words.addAll(List.of(image.toString(), folder.toString()));
    Tools.Answer answer = Tools.run(words.toArray(String[]::new));
    if (answer.exit() != 0 && !Files.exists(Path.of("/dev/loop-control"))) {
      throw new TestAbortedException("there are no loop devices: " + answer.output());
    }
    if (answer.exit() != 0) {
      if (answer.output().contains("failed to setup loop device")
          || answer.output().contains("permission denied")) {
        throw new TestAbortedException(answer.output());
      }
      throw new AssertionError(words + ": " + answer.output());
    }
    return new NativeMount(folder);
  }

  public Path folder() {
    return folder;
  }

  /** The name of the loop device. */
  public String device() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
      String[] words = line.split(" ");
      if (words[1].equals(folder.toString())) {
        return Path.of(words[0]).getFileName().toString();
      }
    }
    throw new AssertionError(folder + " is not mounted");
  }

  @Override
  public void close() {
    if (mounted) {
      mounted = false;
      Tools.Answer answer = Tools.run("umount", folder.toString());
      if (answer.exit() != 0) {
        throw new AssertionError(answer.output());
      }
    }
  }
}
