package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Namei;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nearly a thousand calls on files ({@code files.c}), on three file systems and on an overlay,
 * against what the same program said on a real kernel; the first line of each recording names it.
 * Where svc0 differs, {@code files.differences.txt} says what it answers and why. {@code
 * -Dsvc0.goldens=update} records again, as root on x86-64 Linux.
 */
@Timeout(300)
class FileCallsTest {
  private static final String RESOURCES = "src/test/resources/dev/svc0/arm64/machine";
  private static final long IMAGE_BYTES = 64L << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ext2", "ext4"})
  void answersAsLinuxDid(String type) throws Exception {
    if ("update".equals(System.getProperty("svc0.goldens"))) {
      GuestPrograms.Result recorded =
          GuestPrograms.host(List.of("src/test/guests/record-files.sh", RESOURCES), "");
      assertThat(recorded.code()).as(recorded.output()).isZero();
    }
    GuestPrograms.compileWith("files.c", folder.resolve("files"), List.of("-static", "-w"));
    for (String place : List.of("w", "proc", "dev")) {
      Files.createDirectories(folder.resolve(place));
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      mount(machine, "/proc", "proc", "proc", null, "");
      mount(machine, "/dev", "devfs", "devfs", null, "");
      mount(machine, "/w", type, type, type.equals("tmpfs") ? null : disk(machine, type), "");
      machine.setStreams(InputStream.nullInputStream(), output, output);
      assertThat(machine.run("/files", List.of("/files", "/w"), List.of())).isZero();
    }
    assertThat(output.toString(StandardCharsets.ISO_8859_1).lines().toList())
        .containsExactlyElementsOf(expected(type));
  }

  /** A folder of the host with a layer in memory above it, beside Linux's overlay on tmpfs. */
  @Test
  void aLayerAboveAFolderAnswersAsLinuxDid() throws Exception {
    GuestPrograms.compileWith("files.c", folder.resolve("files"), List.of("-static", "-w"));
    Path lower = Files.createDirectory(folder.resolve("lower"));
    // The recording shows owners, and the folder has the one who runs this.
    assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(lower, "unix:uid")), "needs root");
    GuestPrograms.Result prepared =
        GuestPrograms.host(
            List.of(
                GuestPrograms.qemu(),
                folder.resolve("files").toString(),
                lower.toString(),
                "prepare"),
            "");
    assertThat(prepared.output()).isEmpty();
    Files.createDirectory(folder.resolve("w"));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      mount(machine, "/w", "overlay", lower.toString(), null, "trusted");
      machine.setStreams(InputStream.nullInputStream(), output, output);
      assertThat(machine.run("/files", List.of("/files", "/w", "layered"), List.of())).isZero();
    }
    assertThat(output.toString(StandardCharsets.ISO_8859_1).lines().toList())
        .containsExactlyElementsOf(expected("overlay"));
  }

  private BlockDevice disk(Arm64Machine machine, String type) throws IOException {
    Path image = folder.resolve("image");
    Mke2fsOptions options = type.equals("ext4") ? new Mke2fsOptions().ext4() : new Mke2fsOptions();
    Mke2fs.format(image, IMAGE_BYTES, options.blockSize(4096));
    return new LoopType().create(machine.kernel().vfs().devices(), image.toString());
  }

  static void mount(
      Arm64Machine machine,
      String where,
      String type,
      String source,
      @Nullable BlockDevice device,
      String options)
      throws Exception {
    Task caller = machine.kernel().newProcess(Cred.ROOT, "test");
    machine.kernel().enter(caller);
    try {
      long[] error = new long[1];
      var place = Namei.kernPath(caller, where, 0, error);
      assertThat(place).as(where).isNotNull();
      machine.kernel().vfs().mountAt(place, type, source, device, 0, options);
    } finally {
      machine.kernel().leave(caller, 0);
    }
  }

  /** The recording with the known differences in it, each of which must be there. */
  private static List<String> expected(String type) throws IOException {
    List<String> lines = new ArrayList<>(read("files." + type + ".txt"));
    lines.removeFirst();
    for (String row : read("files.differences.txt")) {
      String[] fields = row.split("\t");
      if (fields[0].equals(type)) {
        assertThat(fields).as(row).hasSize(5);
        int at = Math.max(lines.indexOf("== " + fields[1]), 0);
        while (at < lines.size() && !lines.get(at).equals(fields[2])) {
          at++;
        }
        assertThat(at).as(row).isBetween(0, lines.size() - 1);
        lines.set(at, fields[3]);
      }
    }
    return lines;
  }

  private static List<String> read(String name) throws IOException {
    try (InputStream in = FileCallsTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
    }
  }
}
