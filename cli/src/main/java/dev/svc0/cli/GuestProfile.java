package dev.svc0.cli;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.entry.Arm64Thread;
import dev.svc0.runtime.mm.VmArea;
import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.trace.format.ProgramSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where programs spend their time, by function: each thread is asked every few milliseconds where
 * it is. A thread that executes nothing, because it waits or is in a system call, does not answer
 * and is not counted. Answers come at branches, so within a function the place is not exact.
 */
final class GuestProfile implements AutoCloseable {
  private static final long MILLIS = 2;
  private static final int PERCENT = 100;

  /** A function of a file mapped into a program of this name. */
  private record Place(String program, String file, String function) {}

  private final Kernel kernel;
  private final Function<String, byte @Nullable []> files;
  private final Map<String, Optional<ProgramSource>> sources = new HashMap<>();
  private final Map<Place, Long> samples = new HashMap<>();
  private final Thread sampler = new Thread(this::sampleUntilInterrupted, "svc0-profile");

  /**
   * Begins to sample.
   *
   * @param files the content of a path that a program sees, or null
   */
  GuestProfile(Kernel kernel, Function<String, byte @Nullable []> files) {
    this.kernel = kernel;
    this.files = files;
    sampler.setDaemon(true);
    sampler.start();
  }

  private void sampleUntilInterrupted() {
    try {
      while (true) {
        Thread.sleep(MILLIS);
        kernel.tasks().forEach(this::sample);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample(Task task) {
    if (task.context() instanceof Arm64Thread thread) {
      long pc = thread.cpu().takeSample();
      if (pc != Cpu.NO_SAMPLE) {
        samples.merge(place(task, thread.cpu(), pc), 1L, Long::sum);
      }
      thread.cpu().requestSample();
    }
  }

  private Place place(Task task, Cpu cpu, long pc) {
    for (VmArea area : cpu.mm().areas()) {
      if (pc >= area.start() && pc < area.end()) {
        String name = area.name().isEmpty() ? "[anonymous]" : area.name();
        String file = name.substring(name.lastIndexOf('/') + 1);
        long inFile = pc - area.start() + area.offsetBytes();
        Optional<ProgramSource> source = sources.computeIfAbsent(name, this::read);
        String function =
            source.map(known -> known.functionAt(known.linkedAddress(inFile))).orElse("");
        String shown =
            function.isEmpty() ? String.format("[%s+0x%x]", file, inFile & ~0xfffL) : function;
        return new Place(task.comm(), file, shown);
      }
    }
    return new Place(task.comm(), "[gone]", String.format("0x%x", pc));
  }

  private Optional<ProgramSource> read(String path) {
    byte[] content = path.startsWith("/") ? files.apply(path) : null;
    return content == null ? Optional.empty() : Optional.of(ProgramSource.of(content));
  }

  /** Stops sampling. */
  @Override
  public void close() {
    sampler.interrupt();
    try {
      sampler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** After {@link #close}: a function a line, the most frequent first. */
  String table() {
    long total = samples.values().stream().mapToLong(Long::longValue).sum();
    StringBuilder text =
        new StringBuilder(String.format("# %d samples, every %d ms of a thread%n", total, MILLIS));
    text.append("# Overhead  Command          Shared Object                Symbol\n");
    sorted()
        .forEach(entry ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%9.2f%%  %-15s  %-27s  %s%n",
                    PERCENT * entry.getValue() / (double) total,
                    entry.getKey().program,
                    entry.getKey().file,
                    entry.getKey().function)));
    return text.toString();
  }

  /** After {@link #close}: for flame graph tools, {@code program;file;function count} a line. */
  String folded() {
    StringBuilder text = new StringBuilder();
    sorted()
        .forEach(entry ->
            text.append(entry.getKey().program)
                .append(';')
                .append(entry.getKey().file)
                .append(';')
                .append(entry.getKey().function)
                .append(' ')
                .append(entry.getValue())
                .append('\n'));
    return text.toString();
  }

  private List<Map.Entry<Place, Long>> sorted() {
    return samples.entrySet().stream()
        .sorted(
            Map.Entry.<Place, Long>comparingByValue()
                .reversed()
                .thenComparing(entry -> entry.getKey().toString()))
        .toList();
  }
}
