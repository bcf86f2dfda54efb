package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of GNU tar go into an image, and what comes out is what GNU tar had packed. */
class TarTest {
  private static final String LONG_NAME = "long-name-".repeat(20);
  private static final byte[] BINARY = {0, -1, (byte) 0x80, '\n', (byte) 0xc3};

  @TempDir Path folder;
  private Path image = Path.of("");

  @BeforeEach
  void makeImage() {
    image = folder.resolve("disk.img");
    assertThat(Svc0.run("image", "create", image.toString(), "--size", "32M")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pax", "gnu", "ustar"})
  void aTreeSurvivesTheWayInAndOut(String format) throws Exception {
    Path tree = tree(!format.equals("ustar"));
    Path archive = folder.resolve("in.tar");
    gnuTar("--format=" + format, "--xattrs", "-S", "-cf", archive.toString(), "-C", tree + "", ".");
    assertThat(Svc0.run("image", "import-tar", image.toString(), archive.toString())).isZero();
    isClean();
    Path out = exported();
    boolean pax = format.equals("pax");
    assertThat(describe(out, pax)).isEqualTo(describe(tree, pax));
    assertThat(Files.getAttribute(out.resolve("a/hard"), "unix:ino"))
        .isEqualTo(Files.getAttribute(out.resolve("a/file"), "unix:ino"));
    if (!format.equals("ustar")) {
      assertThat((long) blocks(out.resolve("sparse"))).isLessThan(100);
    }
  }

  private static long blocks(Path file) throws Exception {
    Launcher.Result result =
        Launcher.run(file.getParent(), List.of("stat", "-c", "%b", file.toString()));
    return Long.parseLong(result.out().strip());
  }

  /** Packed, twice with the same bytes, and unpacked again by GNU tar. */
  private Path exported() throws Exception {
    Path first = folder.resolve("out.tar");
    Path second = folder.resolve("again.tar");
    assertThat(Svc0.run("image", "export-tar", image.toString(), first.toString())).isZero();
    assertThat(Svc0.run("image", "export-tar", image.toString(), second.toString())).isZero();
    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    Path out = Files.createDirectory(folder.resolve("out"));
    gnuTar("--xattrs", "--xattrs-include=*", "-xpf", first.toString(), "-C", out.toString());
    FileTime made = Files.getLastModifiedTime(out);
    Files.delete(out.resolve("lost+found"));
    Files.setLastModifiedTime(out, made);
    return out;
  }

  private Path tree(boolean withExtensions) throws IOException {
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("a/b"));
    Path file = Files.writeString(tree.resolve("a/file"), "some words\n");
    Files.createLink(tree.resolve("a/hard"), file);
    Files.createSymbolicLink(tree.resolve("a/b/link"), Path.of("../file"));
    Files.write(tree.resolve("empty"), new byte[0]);
    Files.write(tree.resolve("blocks"), new byte[8192]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    if (withExtensions) {
      Files.writeString(tree.resolve(LONG_NAME), "x");
      Files.createSymbolicLink(tree.resolve("far"), Path.of(LONG_NAME + "/" + LONG_NAME));
      Files.createDirectory(tree.resolve("ümläut"));
      Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
          .write("binary", ByteBuffer.wrap(BINARY));
      try (FileChannel sparse =
          FileChannel.open(
              tree.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        sparse.write(ByteBuffer.wrap(BINARY), 0);
        sparse.write(ByteBuffer.wrap(BINARY), 500_000);
        sparse.write(ByteBuffer.wrap(BINARY), 5_000_001);
      }
    }
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
    return tree;
  }

  /** Everything there is to know about a tree, by name. */
  private static Map<String, String> describe(Path top, boolean pax) throws IOException {
    Map<String, String> result = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        String what;
        if (Files.isSymbolicLink(path)) {
          what = "-> " + Files.readSymbolicLink(path);
        } else {
          what =
              PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                  + (Files.isDirectory(path)
                      ? ""
                      : " " + java.util.Arrays.hashCode(Files.readAllBytes(path)))
                  + " "
                  + time(path, pax)
                  + (pax ? attributes(path) : "");
        }
        result.put(top.relativize(path).toString(), what);
      }
    }
    return result;
  }

  private static String time(Path path, boolean nanos) throws IOException {
    Instant time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
    return nanos ? time.toString() : Long.toString(time.getEpochSecond());
  }

  private static String attributes(Path path) throws IOException {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    StringBuilder text = new StringBuilder();
    for (String name : view.list()) {
      ByteBuffer value = ByteBuffer.allocate(view.size(name));
      view.read(name, value);
      text.append(' ').append(name).append(java.util.HexFormat.of().formatHex(value.array()));
    }
    return text.toString();
  }

  @Test
  void devicesOwnersAndCapabilitiesArriveAsDebugfsSeesThem() throws Exception {
    Path archive = folder.resolve("devices.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      TarArchiveEntry device = new TarArchiveEntry("./null", TarConstants.LF_CHR);
      device.setDevMajor(259);
      device.setDevMinor(70000);
      device.setMode(0666);
      tar.putArchiveEntry(device);
      tar.closeArchiveEntry();
      extended(
          tar, "SCHILY.xattr.security.capability=", new byte[] {1, 0, 0, 2, 0, 32, -128, 0, 0});
      TarArchiveEntry program = new TarArchiveEntry("./ping");
      program.setIds(1234, 70000);
      program.setMode(0104755);
      program.setSize(1);
      tar.putArchiveEntry(program);
      tar.write('x');
      tar.closeArchiveEntry();
    }
    assertThat(Svc0.run("image", "import-tar", image.toString(), archive.toString())).isZero();
    isClean();
    if (Launcher.installed("debugfs")) {
      assertThat(debugfs("stat /null")).contains("Type: character").contains("number: 259:70000");
      assertThat(debugfs("stat /ping"))
          .contains("Mode:  04755")
          .contains("User:  1234   Group: 70000")
          .contains("security.capability (9) = 01 00 00 02 00 20 80 00 00");
    }
  }

  private static void extended(TarArchiveOutputStream tar, String key, byte... value)
      throws IOException {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    int length = 3 + key.length() + value.length + 1;
    record.writeBytes((length + " " + key).getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(value);
    record.write('\n');
    assertThat(record.size()).isEqualTo(length);
    TarArchiveEntry header = new TarArchiveEntry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    header.setSize(length);
    tar.putArchiveEntry(header);
    tar.write(record.toByteArray());
    tar.closeArchiveEntry();
  }

  @Test
  void refusesNamesThatLeadUpwards() throws Exception {
    Path archive = folder.resolve("evil.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      tar.putArchiveEntry(new TarArchiveEntry("a/../../evil", TarConstants.LF_NORMAL));
      tar.closeArchiveEntry();
    }
    assertThat(Svc0.run("image", "import-tar", image.toString(), archive.toString())).isEqualTo(1);
  }

  /** What a failed import says. */
  private String refused(Path archive) throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(Svc0.run("image", "import-tar", image.toString(), archive.toString()))
          .isEqualTo(CommandException.WRONG_FILE);
    } finally {
      System.setErr(before);
    }
    isClean();
    return said.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void aFileThatIsNoArchiveIsNamed() throws Exception {
    byte[] noise = new byte[4096];
    new java.util.Random(8).nextBytes(noise);
    Path plain = Files.write(folder.resolve("plain.tar"), noise);
    Path packed = folder.resolve("damaged.tar.gz");
    try (OutputStream out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(noise);
    }
    Path cut = Files.write(folder.resolve("cut.tar.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
    Path text = Files.writeString(folder.resolve("notes.txt"), "some words");
    Path empty = Files.write(folder.resolve("empty.tar"), new byte[0]);
    Path zstd = folder.resolve("cut.tar.zst");
    gnuTar("--zstd", "-cf", zstd.toString(), "-C", folder.toString(), "plain.tar");
    Files.write(zstd, java.util.Arrays.copyOf(Files.readAllBytes(zstd), 2000));
    for (Path archive : List.of(plain, packed, cut, text, empty, zstd)) {
      assertThat(refused(archive))
          .startsWith("svc0: " + archive + ": this is no tar archive")
          .endsWith("); nothing was unpacked")
          .doesNotContain("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--gzip", "--xz", "--bzip2"})
  void whereAnArchiveIsDamagedIsSaid(String compression) throws Exception {
    byte[] noise = new byte[3 << 20]; // several blocks of any compression
    new java.util.Random(9).nextBytes(noise);
    Files.createDirectory(folder.resolve("t"));
    Files.writeString(folder.resolve("t/first"), "whole");
    Files.write(folder.resolve("t/second"), noise);
    Path archive = folder.resolve("half");
    List<String> arguments =
        new ArrayList<>(List.of("-cf", archive.toString(), "-C", folder + "/t", "first", "second"));
    if (!compression.isEmpty()) {
      arguments.addFirst(compression);
    }
    gnuTar(arguments.toArray(new String[0]));
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThat(refused(archive))
        .startsWith("svc0: " + archive + ": the archive is damaged in or after ")
        .containsPattern("after (first|second) \\(")
        .endsWith("what comes before was unpacked: get the archive again and repeat");
  }

  @Test
  void aBarIsDrawnAndWiped() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ProgressBar bar =
        ProgressBar.on(new PrintStream(bytes, true, StandardCharsets.UTF_8), 100)) {
      while (bytes.size() == 0) {
        bar.step(1, "/some/file");
      }
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("\r[")
        .contains(" % /some/file")
        .endsWith("\r\033[K");
  }

  private String debugfs(String request) throws Exception {
    return Launcher.run(folder, List.of("/usr/sbin/debugfs", "-R", request, image.toString()))
        .out();
  }

  private void isClean() throws Exception {
    if (Launcher.installed("e2fsck")) {
      Launcher.Result check =
          Launcher.run(folder, List.of("/usr/sbin/e2fsck", "-fn", image.toString()));
      assertThat(check.status()).as(check.out()).isZero();
    }
  }

  private void gnuTar(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("tar"));
    command.addAll(List.of(arguments));
    Launcher.Result result = Launcher.run(folder, command);
    assertThat(result.status()).as(result.err()).isZero();
  }
}
