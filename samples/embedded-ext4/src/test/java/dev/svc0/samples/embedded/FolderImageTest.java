package dev.svc0.samples.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** e2fsprogs, which knows nothing of svc0, finds the folder in the image. */
class FolderImageTest {
  private static final Path TOOLS = Path.of("/usr/sbin");

  @TempDir Path folder;

  /** Bytes that no hole and no zeroed block can stand for. */
  private final byte[] data = new byte[300_000];

  @BeforeEach
  void makeTree() throws IOException {
    new Random(7).nextBytes(data);
    Path inner = Files.createDirectories(folder.resolve("tree/a/b"));
    Path file = Files.write(inner.resolve("data"), data);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    Files.createSymbolicLink(folder.resolve("tree/link"), Path.of("a/b/data"));
    Files.createFile(folder.resolve("tree/empty"));
  }

  @Test
  void packsATree() throws Exception {
    Path image = folder.resolve("an image.img");
    assertThat(FolderImage.pack(folder.resolve("tree"), image)).isTrue();
    String check = tool("e2fsck", "-fn", image.toString());
    assertThat(check).contains("packed: ");
    assertThat(tool("debugfs", "-R", "stat /packed/a/b/data", image.toString()))
        .contains("Mode:  0750")
        .contains("Size: 300000")
        .contains("EXTENTS:");
    assertThat(tool("debugfs", "-R", "stat /packed/link", image.toString()))
        .contains("Fast link dest: \"a/b/data\"");
    Path out = folder.resolve("out");
    tool("debugfs", "-R", "dump /packed/a/b/data " + out, image.toString());
    assertThat(Files.readAllBytes(out)).isEqualTo(data);
  }

  /** What a tool prints; its exit status must be 0. */
  private static String tool(String name, String... arguments) throws Exception {
    Path tool = TOOLS.resolve(name);
    if (!Files.isExecutable(tool)) {
      assertThat(System.getenv("CI")).as(name + " must be installed in CI").isNull();
    }
    assumeTrue(Files.isExecutable(tool), name + " is not installed");
    ProcessBuilder builder = new ProcessBuilder(tool.toString()).redirectErrorStream(true);
    builder.command().addAll(java.util.List.of(arguments));
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
