package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
      assertThat(got.output()).isEqualTo(asLinux(expected.output()));
      assertThat(got.code()).isEqualTo(expected.code());
    }
  }

  /** Each part of storm.c: expected lines and exit code are what the program says of itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "storm    | 0  | wrong 0 usr1 1 usr2 1 alarm 1 queued all 1",
        "exec     | 11 | pid 1;same ids 1",
        "loopkill | 0  | killed 1 by 9 soon 1",
        "loopterm | 0  | killed 1 by 15 soon 1",
        "leave    | 21 | ''",
        "first    | 0  | last",
        "robust   | 0  | owner died 1",
        "families | 0  | orphan: leader gone 1 session ok 1;group 1;group ended by 15;"
            + "nothing to wait for 1",
        "timers   | 0  | create 0;disarmed 1;delete 0;prof;cpu time 1;thread clock 0;absolute 0",
      })
  void underLoad(String part, int code, String lines) throws Exception {
    GuestPrograms.compile("storm.c", folder.resolve("storm"));
    String output = lines.isEmpty() ? "" : lines.replace(";", "\n") + "\n";
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      assertThat(run(machine, "storm", part)).isEqualTo(new GuestPrograms.Result(code, output));
    }
  }

  /** The emulator has no restartable sequences; these lines are what the kernel documents. */
  @Test
  void sequencesAreAbortedWhenTheyAreInterrupted() throws Exception {
    GuestPrograms.compile("rseq.c", folder.resolve("rseq"));
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      assertThat(run(machine, "rseq"))
          .isEqualTo(
              new GuestPrograms.Result(
                  0,
                  """
                  size 32 start 1 same 1 sched 1
                  auxv 28 32
                  again 1 other 1 length 1 sig 1 flags 1
                  own number 1
                  aborted 1 before the handler 1 cleared 1
                  register 0
                  barrier 0 aborted 1
                  inherited 1
                  unregistered 1
                  another 0
                  killed by 11
                  """));
    }
  }

  /**
   * Signals, futexes, pipes, dying threads and processes at once: a few rounds here, and {@code
   * -Dsvc0.stress=60} for so many seconds.
   */
  @Test
  void nothingHangsOrGetsLostUnderStress() throws Exception {
    GuestPrograms.compile("stress.c", folder.resolve("stress"));
    String seconds = System.getProperty("svc0.stress", "0");
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      int tasks = machine.kernel().taskCount();
      machine.setStreams(InputStream.nullInputStream(), output, errors);
      int code = machine.run("/stress", List.of("/stress", seconds, "20"), List.of());
      assertThat(output.toString(StandardCharsets.ISO_8859_1))
          .as(errors.toString(StandardCharsets.ISO_8859_1))
          .isEqualTo("wrong 0 alarms 1 handled 1 worked 1\n");
      assertThat(code).isZero();
      assertThat(machine.kernel().taskCount()).isLessThanOrEqualTo(tasks + 1);
    }
  }

  /**
   * Position-independent programs: alone, and with the loader and libraries of the cross compiler.
   */
  @ParameterizedTest
  @ValueSource(strings = {"-static-pie", "-no-pie", "-pie"})
  void loadsEveryKindOfProgram(String kind) throws Exception {
    Files.createDirectories(folder.resolve("lib"));
    Path libraries = Path.of("/usr/aarch64-linux-gnu/lib");
    for (String library : List.of("ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6")) {
      Files.copy(libraries.resolve(library), folder.resolve("lib/" + library));
    }
    GuestPrograms.compileWith("hello.c", folder.resolve("hello"), List.of(kind, "-fPIE"));
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      assertThat(run(machine, "hello", "a", "b"))
          .isEqualTo(
              new GuestPrograms.Result(
                  5, "3 /hello a b\nsin 0.841471\nrandom 1 pagesz 4096 execfn /hello\n"));
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
      for (int look = 0; look < 1000 && guestThreads() > threads; look++) {
        LockSupport.parkNanos(10_000_000); // a thread ends shortly after its process was reaped
      }
      assertThat(guestThreads()).isLessThanOrEqualTo(threads);
    }
  }

  private static long guestThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("forks"))
        .count();
  }
}
