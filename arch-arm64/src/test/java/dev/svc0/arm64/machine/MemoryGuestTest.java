package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that uses its memory in every way, here and in the emulator: the same output. */
@Timeout(120)
class MemoryGuestTest {
  @TempDir Path folder;

  @Test
  void memoryBehavesAsInTheEmulator() throws Exception {
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("tmp"));
    Path program = GuestPrograms.compile("memory.c", root.resolve("bin/memory"));
    String file = folder.resolve("file").toString();
    GuestPrograms.Result expected =
        GuestPrograms.host(List.of(GuestPrograms.qemu(), program.toString(), file), "");
    assertThat(expected.code()).isEqualTo(42);
    assertThat(run(root)).isEqualTo(expected);
  }

  private static GuestPrograms.Result run(Path root) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Arm64Machine machine = Arm64Machine.withHostFolder(root)) {
      machine.setStreams(new ByteArrayInputStream(new byte[0]), output, output);
      int code = machine.run("/bin/memory", List.of("memory", "/tmp/file"), List.of());
      return new GuestPrograms.Result(code, output.toString(StandardCharsets.ISO_8859_1));
    }
  }
}
