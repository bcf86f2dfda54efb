package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.Engines;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.Program;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debian's arm64 programs, unmodified, from a static busybox up to an interpreter with threads.
 * What each command does is compared with what {@code qemu-aarch64} did, or the same program
 * native, as {@code ladder.tsv} records it.
 *
 * <p>The programs are in a folder made by {@code .ci/fetch-guests}; without it the test is skipped,
 * but not in continuous integration.
 */
class LadderTest {
  private static final long SECONDS = 240;
  private static final int STATIC_LEVELS = 2;

  /** Programs with threads, and with children of threads. */
  private static final int THREADS = 6;

  /** Less machine code than an interpreter with threads becomes. */
  private static final long QUICK_BYTES = 16L << 20;

  /** Static programs of other languages: Go, and Rust with musl. */
  private static final int OTHER_LANGUAGES = 10;

  /** Shared, as the programs are the same: what one step had translated, the next one uses. */
  private static final Engine TRANSLATING =
      new TieredEngine(EngineOptions.defaults().withThreshold(500));

  /** Shared likewise, by processes too: what is the same in them is translated once. */
  private static final Map<Engines, Engine> FORCED = new EnumMap<>(Engines.class);

  /** A command with what it is to do. */
  record Step(int level, int code, String sha256, String command) {
    boolean isOther() {
      return level == OTHER_LANGUAGES;
    }

    @Override
    public String toString() {
      return level + ": " + command;
    }
  }

  static List<Step> steps() throws IOException {
    List<Step> steps = new ArrayList<>();
    try (InputStream in = LadderTest.class.getResourceAsStream("ladder.tsv")) {
      assertThat(in).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        if (!line.startsWith("#")) {
          String[] part = line.split("\t", 4);
          steps.add(
              new Step(Integer.parseInt(part[0]), Integer.parseInt(part[1]), part[2], part[3]));
        }
      }
    }
    return steps;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void doesWhatTheEmulatorDid(Step step) throws Exception {
    run(step, Engines.createDefault());
  }

  static List<Step> stepsToTranslate() throws IOException {
    return steps().stream().filter(step -> step.level <= STATIC_LEVELS || step.isOther()).toList();
  }

  static Stream<Arguments> stepsOnEachEngine() throws IOException {
    List<Step> steps = steps();
    return Stream.of(Engines.INTERP, Engines.QUICK)
        .flatMap(kind -> steps.stream().map(step -> Arguments.of(kind, step)));
  }

  /** The same when all code is executed in one way, from the first instruction on. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("stepsOnEachEngine")
  void doesItOnOneEngineAlone(Engines kind, Step step) throws Exception {
    run(step, FORCED.computeIfAbsent(kind, Engines::create));
  }

  /** All code becomes classes first, of which Python alone has 43 MB: minutes. */
  @Tag("slow")
  @ParameterizedTest(name = "JIT {0}")
  @MethodSource("steps")
  void doesItInBytecodeAlone(Step step) throws Exception {
    run(step, FORCED.computeIfAbsent(Engines.JIT, Engines::create));
  }

  /**
   * Threads and children are in machine code that is forgotten meanwhile, having filled its room.
   */
  @Test
  void stepsWithThreadsNeedLittleRoomForMachineCode() throws Exception {
    TieredEngine engine = new TieredEngine(EngineOptions.forcedQuick().withQuickBytes(QUICK_BYTES));
    for (Step step : steps()) {
      if (step.level == THREADS) {
        run(step, engine);
      }
    }
    assertThat(engine.statistics().generations()).as(engine.statistics().report()).isGreaterThan(1);
  }

  /** The same of programs that are translated when they have barely begun. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("stepsToTranslate")
  void doesItTranslatedToo(Step step) throws Exception {
    run(step, TRANSLATING);
  }

  private static void run(Step step, Engine engine) throws Exception {
    Path guests = guests();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code;
    try (Arm64Machine machine =
        new Arm64Machine(
            KernelOptions.defaults(),
            vfs -> new GuestTree(vfs).mountRoot(guests.toString()),
            engine)) {
      mountSystem(machine);
      machine.setStreams(InputStream.nullInputStream(), out, err);
      List<String> shell =
          step.level <= STATIC_LEVELS ? List.of("/bin/busybox", "sh") : List.of("/bin/sh");
      List<String> command = new ArrayList<>(shell);
      command.addAll(List.of("-c", "cd /tmp/work; " + step.command));
      code = waitFor(machine, machine.start(shell.getFirst(), command, environment()));
    }
    String said = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    assertThat(code).as(said).isEqualTo(step.code);
    assertThat(sha256(out.toByteArray())).as(said).isEqualTo(step.sha256);
  }

  /**
   * busybox reads /proc/self/exe when it starts: the names it looked up must not keep the process.
   */
  @Test
  void nothingIsLeftOfProcessesThatEnded() throws Exception {
    Path guests = guests();
    try (Arm64Machine machine =
        new Arm64Machine(
            KernelOptions.defaults(), vfs -> new GuestTree(vfs).mountRoot(guests.toString()))) {
      mountSystem(machine);
      WeakReference<Task> first = runOnce(machine);
      for (int i = 0; i < 300; i++) {
        runOnce(machine);
      }
      System.gc();
      assertThat(first.get()).isNull();
    }
  }

  private static WeakReference<Task> runOnce(Arm64Machine machine) {
    Program program = machine.start("/bin/busybox", List.of("busybox", "true"), environment());
    assertThat(program.waitFor().shellCode()).isZero();
    return new WeakReference<>(program.task());
  }

  private static List<String> environment() {
    return List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C");
  }

  private static void mountSystem(Arm64Machine machine) {
    GuestTree tree = new GuestTree(machine.kernel().vfs());
    Task caller = machine.kernel().newProcess(Cred.ROOT, "test");
    machine.kernel().enter(caller);
    try {
      tree.mountSystem(caller);
      tree.makeFolder(caller, "/tmp/work", 0755);
    } finally {
      machine.kernel().leave(caller, 0);
    }
  }

  private static int waitFor(Arm64Machine machine, Program program) throws Exception {
    try {
      return CompletableFuture.supplyAsync(() -> program.waitFor().shellCode())
          .get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      machine.kernel().killAll();
      throw new AssertionError("no end after " + SECONDS + " s", e);
    }
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** The folder of programs: named by SVC0_GUESTS, or where .ci/fetch-guests puts it. */
  private static Path guests() {
    Path found = findGuests(System.getenv("SVC0_GUESTS"));
    if (found == null) {
      String reason = "no arm64 programs: run .ci/fetch-guests target/guests, or set SVC0_GUESTS";
      assertThat(System.getenv("CI")).as(reason).isNull();
      return Assumptions.abort(reason);
    }
    return found;
  }

  private static @Nullable Path findGuests(@Nullable String named) {
    Path folder = named != null ? Path.of(named) : Launcher.HOME.resolve("target/guests");
    return Files.isExecutable(folder.resolve("usr/bin/dash")) ? folder : null;
  }
}
