package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Debian packages become a root that programs start from. */
class DebTest {
  @TempDir Path folder;

  @Test
  void packagesBecomeARoot() throws Exception {
    Path debs = Files.createDirectory(folder.resolve("debs"));
    byte[] hello = Files.readAllBytes(Path.of(Launcher.guest("hello")));
    deb(
        debs,
        "hello",
        "arm64",
        "xz",
        Map.of("./bin/hello-real", hello, "./usr/share/doc/hello/notes", new byte[] {'x'}),
        """
        #!/bin/sh
        update-alternatives --install /usr/bin/hello hello \\
            /usr/bin/hello-real 10 \\
            --slave /usr/share/hello.txt hello.txt /usr/share/doc/hello/notes
        """);
    deb(debs, "words", "all", "zst", Map.of("./usr/share/words", "a b c\n".getBytes()), "");
    Path image = folder.resolve("root.img");
    assertThat(Svc0.run("image", "import-debs", image.toString(), debs.toString())).isZero();
    if (Launcher.installed("e2fsck")) {
      Launcher.Result check =
          Launcher.run(folder, List.of("/usr/sbin/e2fsck", "-fn", image.toString()));
      assertThat(check.status()).as(check.out()).isZero();
      assertThat(debugfs("stat /bin", image)).contains("Fast link dest: \"usr/bin\"");
      assertThat(debugfs("stat /usr/bin/hello", image)).contains("\"/etc/alternatives/hello\"");
      assertThat(debugfs("stat /etc/alternatives/hello.txt", image)).contains("hello/notes\"");
      assertThat(debugfs("cat /usr/share/words", image)).isEqualTo("a b c\n");
      assertThat(debugfs("cat /etc/passwd", image)).startsWith("root:x:0:0:");
      assertThat(debugfs("cat /var/lib/dpkg/status", image))
          .contains("Package: hello\nStatus: install ok unpacked\n");
      assertThat(debugfs("cat /var/lib/dpkg/info/hello.list", image)).contains("/bin/hello-real\n");
    }
    assertThat(runs(image, "hello")).isZero();
  }

  @Test
  void theRootIsExt4UnlessToldOtherwise() throws Exception {
    deb(folder, "p", "all", "gz", Map.of("./opt/f", new byte[1]), "");
    Path usual = folder.resolve("usual.img");
    Path old = folder.resolve("old.img");
    assertThat(Svc0.run("image", "import-debs", usual.toString(), folder.toString())).isZero();
    assertThat(
            Svc0.run("image", "import-debs", "--type", "ext2", old.toString(), folder.toString()))
        .isZero();
    assertThat(ImageProbe.typeOf(usual, List.of())).isEqualTo("ext4");
    assertThat(ImageProbe.typeOf(old, List.of())).isEqualTo("ext2");
    assertThat(
            Svc0.run("image", "import-debs", "--type", "ext4", old.toString(), folder.toString()))
        .isEqualTo(1);
    assertThat(Svc0.run("image", "import-debs", "--type", "fat", "x.img", folder.toString()))
        .isEqualTo(2);
  }

  private static int runs(Path image, String program) {
    MachineOptions options = new MachineOptions();
    options.root = image.toString();
    try (Session session = new Session(options, List.of(program))) {
      return session.run();
    }
  }

  @Test
  void documentsAreLeftOutOnRequest() throws Exception {
    deb(
        folder,
        "p",
        "all",
        "gz",
        Map.of("./usr/share/doc/p/notes", new byte[1], "./opt/f", new byte[1]),
        "");
    Path image = folder.resolve("root.img");
    assertThat(Svc0.run("image", "import-debs", "--no-docs", image.toString(), folder.toString()))
        .isZero();
    assertThat(Svc0.run("image", "cat", image.toString(), "/opt/f")).isZero();
    assertThat(Svc0.run("image", "cat", image.toString(), "/usr/share/doc/p/notes")).isEqualTo(1);
  }

  @Test
  void refusesOtherArchitecturesAndOtherFiles() throws Exception {
    deb(folder, "x", "amd64", "gz", Map.of(), "");
    Path image = folder.resolve("root.img");
    assertThat(Svc0.run("image", "import-debs", image.toString(), folder.toString())).isEqualTo(1);
    Path noise = Files.writeString(folder.resolve("noise.txt"), "no package");
    assertThat(Svc0.run("image", "import-debs", image.toString(), noise.toString())).isEqualTo(1);
    assertThat(Svc0.run("image", "import-debs", image.toString())).isEqualTo(2);
    assertThat(image).doesNotExist();
  }

  private String debugfs(String request, Path image) throws Exception {
    return Launcher.run(folder, List.of("/usr/sbin/debugfs", "-R", request, image.toString()))
        .out();
  }

  private static void deb(
      Path folder,
      String name,
      String architecture,
      String compression,
      Map<String, byte[]> files,
      String postinst)
      throws IOException {
    String control =
        "Package: %s\nVersion: 1.0\nArchitecture: %s\nInstalled-Size: 10\nDescription: d\n more\n"
            .formatted(name, architecture);
    Map<String, byte[]> controls = new TreeMap<>();
    controls.put("./control", control.getBytes(StandardCharsets.UTF_8));
    if (!postinst.isEmpty()) {
      controls.put("./postinst", postinst.getBytes(StandardCharsets.UTF_8));
    }
    Path file = folder.resolve(name + "_1.0_" + architecture + ".deb");
    try (ArArchiveOutputStream ar = new ArArchiveOutputStream(Files.newOutputStream(file))) {
      member(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
      member(ar, "control.tar." + compression, tar(controls, compression));
      member(ar, "data.tar." + compression, tar(new TreeMap<>(files), compression));
    }
  }

  private static void member(ArArchiveOutputStream ar, String name, byte... content)
      throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
    ar.write(content);
    ar.closeArchiveEntry();
  }

  private static byte[] tar(Map<String, byte[]> files, String compression) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(compressed(bytes, compression))) {
      TarArchiveEntry top = new TarArchiveEntry("./", TarConstants.LF_DIR);
      tar.putArchiveEntry(top);
      tar.closeArchiveEntry();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setMode(0100755);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static OutputStream compressed(OutputStream out, String how) throws IOException {
    return switch (how) {
      case "gz" -> new GZIPOutputStream(out);
      case "xz" -> new XZOutputStream(out, new LZMA2Options());
      default -> new ZstdOutputStream(out);
    };
  }
}
