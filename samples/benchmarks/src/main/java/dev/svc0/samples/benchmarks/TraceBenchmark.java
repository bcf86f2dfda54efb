package dev.svc0.samples.benchmarks;

import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceAgent;
import dev.svc0.runtime.trace.TraceClock;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.runtime.trace.event.BlockTrace;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What tracing costs: one tracepoint, and a write of 4 KiB over a cached page of ext2, with nothing
 * recorded, with tracepoints, and with all functions.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-XX:+EnableDynamicAgentLoading",
      "-XX:CompileCommand=quiet",
      "-XX:CompileCommand=dontinline,dev.svc0.runtime.trace.Tracer::enter",
      "-XX:CompileCommand=dontinline,dev.svc0.runtime.trace.Tracer::exit"
    })
public class TraceBenchmark {
  private static final int DEVICE = 7 << 20;

  /** What is recorded while it runs. */
  @State(Scope.Benchmark)
  public static class Recording {
    /** The ways. */
    @Param({"off", "points", "pointsWithoutClock", "functions"})
    public String record = "off";

    private @Nullable TraceSession session;

    /** Starts. */
    @Setup(Level.Trial)
    public void start() {
      TraceSession.Options options =
          TraceSession.Options.defaults()
              .withMemory(4 << 20, 64 << 20)
              .keeping(TraceSession.Options.Keep.NEWEST)
              .withEvents(EventSelection.of("*"));
      session =
          switch (record) {
            case "points" -> TraceSession.start(options);
            case "pointsWithoutClock" ->
                TraceSession.start(options.withClock(TraceClock.INSTRUCTIONS));
            case "functions" -> {
              TraceAgent.install(ByteBuddyAgent.install());
              yield TraceSession.start(
                  TraceSelection.everything(), options.withEvents(EventSelection.none()));
            }
            default -> null;
          };
    }

    /** Stops. */
    @TearDown(Level.Trial)
    public void stop() {
      if (session != null) {
        session.stop();
      }
    }
  }

  /** One tracepoint with three numbers, fired by a thread of the kernel's kind. */
  @Benchmark
  public long point(Recording recording) {
    BlockTrace.blockDirtyBuffer(DEVICE, 4096, 4096);
    return ThreadState.currentOperation();
  }

  /** 4 KiB over a cached page of a file on ext2. */
  @Benchmark
  public long overwrite(
      WriteBenchmark.Booted booted, WriteBenchmark.Writer writer, Recording recording) {
    return writer.overwriteExt2();
  }
}
