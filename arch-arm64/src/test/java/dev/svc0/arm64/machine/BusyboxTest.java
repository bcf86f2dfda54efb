package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's static busybox, unmodified. */
@Timeout(120)
class BusyboxTest {
  @TempDir Path folder;

  private GuestPrograms.Result run(String input, String... arguments) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    List<String> argv = new ArrayList<>(List.of("busybox"));
    argv.addAll(List.of(arguments));
    try (Arm64Machine machine =
        Arm64Machine.withHostFolder(GuestPrograms.busyboxRoot(folder))) {
      machine.setStreams(
          new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)), output, output);
      int code = machine.run("/bin/busybox", argv, List.of("PATH=/bin"));
      return new GuestPrograms.Result(code, output.toString(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void echoes() throws Exception {
    assertThat(run("", "echo", "hello", "world"))
        .isEqualTo(new GuestPrograms.Result(0, "hello world\n"));
  }
}
