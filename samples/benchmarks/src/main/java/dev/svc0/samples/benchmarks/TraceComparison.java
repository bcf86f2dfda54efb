package dev.svc0.samples.benchmarks;

import dev.svc0.arm64.Arm64TableNumbers;
import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceAgent;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceClock;
import dev.svc0.runtime.trace.TracePoint;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.runtime.trace.event.BlockTrace;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.StubMethod;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * What tracing costs, in one run: nothing recorded beside code without tracepoints, one tracepoint
 * with and without a clock, and writes of 4 KiB over cached pages of ext4 with all functions, with
 * and without a clock: always the same page, which is as cheap as a write can be, and each page of
 * a file once after it was written back, the work that {@link Ext4Comparison} compares with the
 * native kernel. Counts CPU time of the thread, so that it may be interrupted, and takes the best
 * of several rounds each, in turns. Prints a table.
 */
public final class TraceComparison {
  private static final int DEVICE = 7 << 20;
  private static final int ROUNDS = 6;

  /** After weaving the compiler needs its time. */
  private static final int ROUNDS_WOVEN = 20;

  private static final int TURNS = 6;
  private static final long ROUND_NANOS = 250_000_000L;
  private static final int BATCH = 5000;
  private static final int MANY = 16;
  private static final int PAGES = 4096;
  private static final int SECONDS = 5;
  private static final int PER_MILLISECOND = 1000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Instrumentation instrumentation = ByteBuddyAgent.install();
  private final JavaProgram program;
  private final LongSupplier byteWrite;
  private final Work samePage;
  private final Work allPages;

  /**
   * Something that is done again and again.
   *
   * @param what for the table
   * @param before what is done before each time and does not count
   * @param batch does it so often
   * @param calls how often
   */
  private record Work(String what, Runnable before, Runnable batch, int calls) {
    /** Nanoseconds of CPU time a call, in the best of the rounds. */
    double best(int rounds) {
      double best = Double.MAX_VALUE;
      for (int round = 0; round < rounds; round++) {
        long calls = 0;
        long nanos = 0;
        while (nanos < ROUND_NANOS) {
          before.run();
          long begin = THREADS.getCurrentThreadCpuTime();
          batch.run();
          nanos += THREADS.getCurrentThreadCpuTime() - begin;
          calls += this.calls;
        }
        best = Math.min(best, (double) nanos / calls);
      }
      return best;
    }
  }

  private TraceComparison(Arm64Machine machine) {
    program = new JavaProgram(machine);
    long buffer = program.allocate(WriteBenchmark.LARGE);
    long fd = WriteBenchmark.Writer.open(program, "/ext4/traced", Fcntl.O_RDWR | Fcntl.O_CREAT);
    byteWrite = () -> write(machine, fd, buffer, 1, 0);
    samePage =
        new Work(
            "4 KiB over the same page of ext4",
            () -> {},
            () -> {
              for (int i = 0; i < BATCH; i++) {
                checked(write(machine, fd, buffer, WriteBenchmark.SMALL, 0));
              }
            },
            BATCH);
    Runnable pages =
        () -> {
          for (int i = 0; i < PAGES; i++) {
            long at = (long) i * WriteBenchmark.SMALL;
            checked(write(machine, fd, buffer, WriteBenchmark.SMALL, at));
          }
        };
    pages.run();
    allPages =
        new Work(
            "4 KiB over each page of a file on ext4",
            () -> program.svc(Arm64TableNumbers.__NR_syncfs, fd),
            pages,
            PAGES);
  }

  private long write(Arm64Machine machine, long fd, long buffer, int bytes, long at) {
    return machine
        .dispatch()
        .dispatch(program.task(), Arm64TableNumbers.__NR_pwrite64, fd, buffer, bytes, at, 0, 0);
  }

  private static void checked(long result) {
    if (result < 0) {
      throw new IllegalStateException("errno " + -result);
    }
  }

  /** Measures and prints; takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    WriteBenchmark.Booted booted = new WriteBenchmark.Booted();
    booted.boot();
    Throwable[] failure = new Throwable[1];
    // A thread of the kernel, as programs run on: it finds its state without a lookup.
    KernelThread thread =
        new KernelThread(
            () -> {
              try {
                new TraceComparison(booted.machine).measure();
              } catch (Exception | Error e) {
                failure[0] = e;
              }
            },
            "compare");
    thread.start();
    thread.join();
    booted.shutDown();
    if (failure[0] != null) {
      throw new IllegalStateException(failure[0]);
    }
  }

  private void measure() throws Exception {
    TraceAgent.install(instrumentation);
    compareOff();
    row("System.nanoTime", best(System::nanoTime));
    try (TraceSession session = TraceSession.start(points().withClock(TraceClock.INSTRUCTIONS))) {
      row("a tracepoint without a clock", best(TraceComparison::fireMany) / MANY);
    }
    try (TraceSession session = TraceSession.start(points())) {
      row("a tracepoint", best(TraceComparison::fireMany) / MANY);
    }
    compareFunctions(samePage);
    compareFunctions(allPages);
    sustain();
    program.close();
  }

  private static TraceSession.Options points() {
    return TraceSession.Options.defaults()
        .withMemory(4 << 20, 64 << 20)
        .keeping(TraceSession.Options.Keep.NEWEST)
        .withEvents(EventSelection.of("*"));
  }

  private static long fire() {
    BlockTrace.blockDirtyBuffer(DEVICE, 4096, 4096);
    return 0;
  }

  /** So often that calling this takes no time beside it. */
  private static long fireMany() {
    for (int i = 0; i < MANY; i++) {
      fire();
    }
    return 0;
  }

  /** A byte over a cached page, with tracepoints that are off, and with none. */
  private void compareOff() {
    double off = Double.MAX_VALUE;
    double none = Double.MAX_VALUE;
    for (int turn = 0; turn < TURNS; turn++) {
      off = Math.min(off, best(byteWrite));
      Set<Class<?>> stripped = strip();
      none = Math.min(none, best(byteWrite));
      restore(stripped);
    }
    row("1 byte over ext4, no tracepoints", none);
    row("1 byte over ext4, tracepoints off", off);
    System.out.printf(Locale.ROOT, "%-44s %9.3f%n", "  ratio", off / none);
  }

  /** Makes the classes that fire tracepoints such that the compiler finds nothing in them. */
  private Set<Class<?>> strip() {
    Set<Class<?>> found = new HashSet<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (type.getName().startsWith("dev.svc0.") && type.getName().endsWith("Trace")) {
        if (Arrays.stream(type.getInterfaces())
            .anyMatch(one -> one.getSimpleName().equals("TracePointProvider"))) {
          new ByteBuddy()
              .redefine(type)
              .method(ElementMatchers.isStatic().and(ElementMatchers.returns(boolean.class)))
              .intercept(FixedValue.value(false))
              .method(ElementMatchers.isStatic().and(ElementMatchers.returns(void.class)))
              .intercept(StubMethod.INSTANCE)
              .make()
              .load(type.getClassLoader(), ClassReloadingStrategy.of(instrumentation));
          found.add(type);
        }
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException("no class fires tracepoints");
    }
    return found;
  }

  private void restore(Set<Class<?>> stripped) {
    for (Class<?> type : stripped) {
      new ByteBuddy()
          .redefine(type, ClassFileLocator.ForClassLoader.of(type.getClassLoader()))
          .make()
          .load(type.getClassLoader(), ClassReloadingStrategy.of(instrumentation));
    }
  }

  /** Without a recording, and with all functions, with and without a clock. */
  private void compareFunctions(Work work) {
    double off = work.best(ROUNDS);
    double functions = countFunctions(work);
    TraceSession.Options only = points().withEvents(EventSelection.none());
    double traced = bestWoven(work, only);
    double withoutClock = bestWoven(work, only.withClock(TraceClock.INSTRUCTIONS));
    off = Math.min(off, work.best(ROUNDS));
    row(work.what, off);
    String recorded = String.format(Locale.ROOT, "  its %.1f functions recorded", functions);
    compare(recorded, traced, off, functions);
    compare(recorded + ", no clock", withoutClock, off, functions);
  }

  private static double bestWoven(Work work, TraceSession.Options options) {
    try (TraceSession session = TraceSession.start(TraceSelection.everything(), options)) {
      return work.best(ROUNDS_WOVEN);
    }
  }

  private static void compare(String what, double traced, double off, double functions) {
    row(what, traced);
    System.out.printf(Locale.ROOT, "%-44s %9.3f%n", "    ratio", traced / off);
    row("    a function", (traced - off) / functions);
  }

  /** Functions a write: most find the file's times as they are, one in a tick changes them. */
  private static double countFunctions(Work work) {
    work.before.run();
    try (TraceSession session = TraceSession.start(TraceSelection.everything())) {
      work.batch.run();
      long all =
          CallTree.roots(session.stop()).stream()
              .map(CallTree.Root::node)
              .filter(node -> node instanceof Call call && call.method().systemCall())
              .mapToLong(TraceComparison::count)
              .sum();
      return (double) all / work.calls;
    }
  }

  private static int count(CallNode node) {
    return node instanceof Call call
        ? 1 + call.children().stream().mapToInt(TraceComparison::count).sum()
        : 0;
  }

  /** A million events a second, to a file. */
  private static void sustain() throws Exception {
    Path folder = Files.createTempDirectory("svc0-trace");
    TraceSession.Options options =
        TraceSession.Options.defaults()
            .withEvents(EventSelection.of("block_dirty_buffer"))
            .spoolingTo(folder);
    TraceCapture capture;
    try (TraceSession session = TraceSession.start(options)) {
      long begin = System.nanoTime();
      for (int millisecond = 0; millisecond < SECONDS * 1000; millisecond++) {
        for (int i = 0; i < PER_MILLISECOND; i++) {
          fire();
        }
        while (System.nanoTime() - begin < (millisecond + 1) * 1_000_000L) {
          Thread.onSpinWait();
        }
      }
      capture = session.stop();
    }
    System.out.printf(
        Locale.ROOT,
        "%d events a second to a file for %d s: %d recorded, %d lost, %d points defined%n",
        PER_MILLISECOND * 1000,
        SECONDS,
        capture.records(),
        capture.lost(),
        TracePoint.all().size());
    Files.delete(folder);
  }

  private static void row(String what, double nanos) {
    System.out.printf(Locale.ROOT, "%-44s %9.1f ns%n", what, nanos);
  }

  /** Nanoseconds of CPU time a call. */
  private static double best(LongSupplier call) {
    Work work =
        new Work(
            "",
            () -> {},
            () -> {
              long sink = 0;
              for (int i = 0; i < BATCH; i++) {
                sink += call.getAsLong();
              }
              if (sink == Long.MIN_VALUE) {
                System.out.println();
              }
            },
            BATCH);
    return work.best(ROUNDS);
  }
}
