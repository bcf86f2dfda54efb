package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.block.BlockDriverType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Calls on a block device ({@code blkdev.c}) against what the same program said of a loop device of
 * a real kernel, on each driver that does the same requests. {@code -Dsvc0.goldens=update} records
 * again, as root on x86-64 Linux.
 */
@Timeout(120)
class BlockDeviceCallsTest {
  private static final String RESOURCES = "src/test/resources/dev/svc0/arm64/machine";
  private static final long DISK_BYTES = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"loop,disk.img,/dev/loop0", "brd,size=1M,/dev/ram0"})
  void answersAsLinuxDid(String driver, String options, String device) throws Exception {
    if ("update".equals(System.getProperty("svc0.goldens"))) {
      GuestPrograms.Result recorded =
          GuestPrograms.host(List.of("src/test/guests/record-blkdev.sh", RESOURCES), "");
      assertThat(recorded.code()).as(recorded.output()).isZero();
    }
    GuestPrograms.compileWith("blkdev.c", folder.resolve("blkdev"), List.of("-static", "-w"));
    Files.createDirectories(folder.resolve("dev"));
    Path image = folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(DISK_BYTES);
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
        if (type.name().equals(driver)) {
          type.create(
              machine.kernel().vfs().devices(), options.replace("disk.img", image.toString()));
        }
      }
      FileCallsTest.mount(machine, "/dev", "devfs", "devfs", null, "");
      machine.setStreams(InputStream.nullInputStream(), output, output);
      assertThat(machine.run("/blkdev", List.of("/blkdev", device), List.of())).isZero();
    }
    assertThat(output.toString(StandardCharsets.ISO_8859_1).lines().toList())
        .containsExactlyElementsOf(recorded());
  }

  private static List<String> recorded() throws IOException {
    try (InputStream in = BlockDeviceCallsTest.class.getResourceAsStream("blkdev.loop.txt")) {
      assertThat(in).isNotNull();
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
      return lines.subList(1, lines.size());
    }
  }
}
