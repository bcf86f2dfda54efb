package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C programs of src/test/guests, built by the cross compiler, against {@code qemu-aarch64}. */
@Timeout(180)
class CompiledGuestTest {
  @TempDir Path folder;

  private GuestPrograms.Result run(Arm64Machine machine, String name, String... arguments) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    machine.setStreams(InputStream.nullInputStream(), output, output);
    List<String> argv = new ArrayList<>(List.of("/" + name));
    argv.addAll(List.of(arguments));
    int code = machine.run("/" + name, argv, List.of());
    return new GuestPrograms.Result(code, output.toString(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "signals"})
  void printsWhatItPrintsUnderQemu(String name) throws Exception {
    Path program = GuestPrograms.compile(name + ".c", folder.resolve(name));
    GuestPrograms.Result expected =
        GuestPrograms.host(List.of(GuestPrograms.qemu(), program.toString()), "");
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      GuestPrograms.Result got = run(machine, name);
      assertThat(got.output())
          .isEqualTo(asLinux(expected.output()));
      assertThat(got.code()).isEqualTo(expected.code());
    }
  }

  /** Where the emulator is known to differ from a real kernel, the kernel counts. */
  private static String asLinux(String output) {
    return output
        .replaceAll("qemu: uncaught target signal.*\n", "")
        .replace("undefined: sig 4 code 2", "undefined: sig 4 code 1"); // ILL_ILLOPC
  }

  @Test
  void twoThousandChildrenLeaveNothingBehind() throws Exception {
    GuestPrograms.compile("forks.c", folder.resolve("forks"));
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      assertThat(run(machine, "forks", "30"))
          .isEqualTo(new GuestPrograms.Result(0, "30 children, sum 435\n"));
      long pages = machine.kernel().memory().usedPages();
      int tasks = machine.kernel().taskCount();
      long threads = guestThreads();
      assertThat(run(machine, "forks", "2000"))
          .isEqualTo(new GuestPrograms.Result(0, "2000 children, sum 99000\n"));
      assertThat(machine.kernel().memory().usedPages()).isEqualTo(pages);
      assertThat(machine.kernel().taskCount()).isEqualTo(tasks);
      assertThat(guestThreads()).isLessThanOrEqualTo(threads + 1); // one may be on its last step
    }
  }

  private static long guestThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("forks"))
        .count();
  }
}
