package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.brd.BrdType;
import dev.svc0.fs.loop.LoopType;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.block.BlockDevice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every scenario whose function graph was recorded, from a program ({@code write-results.c}):
 * result, errno and signal of each call are those of the recording, and what was written is there.
 */
@Timeout(120)
class WriteResultsTest {
  private static final long DISK_BYTES = 8 << 20;

  @TempDir Path folder;

  @Test
  void answersAsInTheRecordings() throws Exception {
    GuestPrograms.compileWith(
        "write-results.c", folder.resolve("results"), List.of("-static", "-w"));
    for (String place : List.of("dev", "tmpfs", "ext2", "ext4", "full")) {
      Files.createDirectories(folder.resolve(place));
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      new BrdType().create(machine.kernel().vfs().devices(), "size=1M");
      disk(machine, "disk0", null);
      BlockDevice ext2 = disk(machine, "disk1", new Mke2fsOptions());
      BlockDevice ext4 = disk(machine, "disk2", new Mke2fsOptions().ext4());
      BlockDevice full = disk(machine, "disk3", new Mke2fsOptions().ext4());
      disk(machine, "disk4", null).queue().setScheduler("mq-deadline");
      FileCallsTest.mount(machine, "/dev", "devfs", "devfs", null, "");
      FileCallsTest.mount(machine, "/tmpfs", "tmpfs", "tmpfs", null, "");
      FileCallsTest.mount(machine, "/ext2", "ext2", "ext2", ext2, "");
      FileCallsTest.mount(machine, "/ext4", "ext4", "ext4", ext4, "");
      FileCallsTest.mount(machine, "/full", "ext4", "ext4", full, "");
      machine.setStreams(InputStream.nullInputStream(), output, output);
      assertThat(machine.run("/results", List.of("/results"), List.of())).isZero();
    }
    assertThat(output.toString(StandardCharsets.ISO_8859_1).lines())
        .containsExactlyInAnyOrderElementsOf(recorded());
  }

  private BlockDevice disk(Arm64Machine machine, String name, @Nullable Mke2fsOptions options)
      throws IOException {
    Path image = folder.resolve(name);
    if (options == null) {
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(DISK_BYTES);
      }
    } else {
      Mke2fs.format(image, DISK_BYTES, options.blockSize(4096));
    }
    return new LoopType().create(machine.kernel().vfs().devices(), image.toString());
  }

  private static List<String> recorded() throws IOException {
    try (InputStream in = WriteResultsTest.class.getResourceAsStream("write-results.tsv")) {
      assertThat(in).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }
}
