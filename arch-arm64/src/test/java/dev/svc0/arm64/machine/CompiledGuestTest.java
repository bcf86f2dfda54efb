package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.Engines;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.task.KernelOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C programs of src/test/guests, built by the cross compiler, against {@code qemu-aarch64}. */
@Timeout(180)
class CompiledGuestTest {
  /** What other threads of the tests may have started meanwhile. */
  private static final int CHANCE_THREADS = 8;

  private static final int CHANCE_DESCRIPTORS = 16;

  /** Less than the smallest thing that a process could leave: a table entry with its task. */
  private static final long BYTES_A_CHILD = 256;

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
   * -Dsvc0.stress=60} for so many seconds; with what is hot translated, and with everything.
   */
  @ParameterizedTest
  @EnumSource(
      value = Engines.class,
      names = {"AUTO", "JIT", "QUICK"})
  void nothingHangsOrGetsLostUnderStress(Engines engine) throws Exception {
    stress(engine.create());
  }

  /** The same while machine code is forgotten all the time, because there is no room for more. */
  @Test
  void nothingHangsOrGetsLostWithLittleRoomForCode() throws Exception {
    TieredEngine engine =
        new TieredEngine(
            EngineOptions.forcedQuick().withQuickBytes(EngineOptions.LEAST_QUICK_BYTES));
    stress(engine);
    assertThat(engine.statistics().generations()).isGreaterThan(1);
  }

  private void stress(Engine engine) throws Exception {
    GuestPrograms.compile("stress.c", folder.resolve("stress"));
    String seconds = System.getProperty("svc0.stress", "0");
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (Arm64Machine machine =
        new Arm64Machine(
            KernelOptions.defaults(),
            vfs -> vfs.mountRoot("hostfs", folder.toString(), null, 0, "trusted"),
            engine)) {
      int tasks = machine.kernel().taskCount();
      machine.setStreams(InputStream.nullInputStream(), output, errors);
      int code = machine.run("/stress", List.of("/stress", seconds, "20"), List.of());
      assertThat(output.toString(StandardCharsets.ISO_8859_1))
          .as("%s exit status %d", errors.toString(StandardCharsets.ISO_8859_1), code)
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

  /** Threads, memory and descriptors stand after 10,000 where they stood after 2,000. */
  @Test
  void tenThousandChildrenLeaveNothingBehind() throws Exception {
    GuestPrograms.compile("forks.c", folder.resolve("forks"));
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      assertThat(run(machine, "forks", "2000"))
          .isEqualTo(new GuestPrograms.Result(0, "2000 children, sum 99000\n"));
      awaitGuestThreads(0);
      long pages = machine.kernel().memory().usedPages();
      int tasks = machine.kernel().taskCount();
      int threads = Thread.getAllStackTraces().size();
      long descriptors = descriptors();
      long heap = heap();
      assertThat(run(machine, "forks", "8000"))
          .isEqualTo(new GuestPrograms.Result(0, "8000 children, sum 396000\n"));
      awaitGuestThreads(0);
      assertThat(machine.kernel().memory().usedPages()).isEqualTo(pages);
      assertThat(machine.kernel().taskCount()).isEqualTo(tasks);
      assertThat(Thread.getAllStackTraces().size()).isLessThan(threads + CHANCE_THREADS);
      assertThat(descriptors()).isLessThan(descriptors + CHANCE_DESCRIPTORS);
      assertThat(heap()).isLessThan(heap + 8000 * BYTES_A_CHILD);
    }
  }

  /** A thread ends shortly after its process was reaped. */
  private static void awaitGuestThreads(long most) {
    for (int look = 0; look < 1000 && guestThreads() > most; look++) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(guestThreads()).isLessThanOrEqualTo(most);
  }

  private static long guestThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("forks"))
        .count();
  }

  /** Open files of this process. */
  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  /** Bytes of live objects: the least of a few looks, as an object may wait for its cleaner. */
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int look = 0; look < 4; look++) {
      System.gc();
      LockSupport.parkNanos(20_000_000);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
