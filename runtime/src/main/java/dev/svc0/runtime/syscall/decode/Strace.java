package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallHooks;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallListener;
import dev.svc0.runtime.syscall.SyscallRegisters;
import dev.svc0.runtime.syscall.SyscallResult;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Writes a line for each call when it has returned. A call that never returns, because its thread
 * was ended inside it, has no line.
 */
public final class Strace implements SyscallListener {
  private static final double NANOS_PER_SECOND = 1e9;

  private final CallDecoder decoder;
  private final Format format;
  private final Consumer<String> lines;
  private final Map<SyscallRegisters, CallDecoder.Decoded> open = new ConcurrentHashMap<>();
  private volatile int firstTask;
  private volatile boolean several;

  /** How a line looks. */
  public enum Format {
    /** As strace has it: {@code write(1, "hello\n", 6) = 6}. */
    TEXT,
    /** The same with the time each call took. */
    TIMED_TEXT,
    /** One JSON object a line. */
    JSON
  }

  private Strace(SyscallDispatch table, int limit, Format format, Consumer<String> lines) {
    this.decoder = new CallDecoder(table, limit);
    this.format = format;
    this.lines = lines;
  }

  /**
   * Begins to listen.
   *
   * @param numbers which calls; see {@link #named}
   * @param limit how many bytes of a buffer are shown
   * @param lines gets each line, without an end of line, from the thread that made the call
   * @return ends it
   */
  public static SyscallHooks.Registration attach(
      SyscallDispatch table,
      IntPredicate numbers,
      int limit,
      Format format,
      Consumer<String> lines) {
    return table.hooks().addListener(new Strace(table, limit, format, lines), numbers);
  }

  /**
   * The numbers of calls named in a list with commas.
   *
   * @throws IllegalArgumentException with a sentence when a name is unknown
   */
  public static IntPredicate named(SyscallDispatch table, String names) {
    Map<String, Integer> byName =
        table.all().stream().collect(Collectors.toMap(SyscallInfo::name, SyscallInfo::nr));
    Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    for (String name : names.split(",")) {
      Integer nr = byName.get(name.strip());
      if (nr == null) {
        throw new IllegalArgumentException(
            table.abi() + " has no system call \"" + name.strip() + "\"");
      }
      numbers.add(nr);
    }
    return numbers::contains;
  }

  @Override
  public void enter(SyscallRegisters call) {
    open.put(call, decoder.before(call));
  }

  @Override
  public void exit(SyscallRegisters call, long nanos) {
    CallDecoder.Decoded before = open.remove(call);
    if (before != null) {
      CallDecoder.Decoded decoded = decoder.after(before, call);
      int task = call.task().tid();
      lines.accept(
          format == Format.JSON
              ? json(task, call, decoded, nanos)
              : prefix(task) + decoded + suffix(nanos));
    }
  }

  /** As strace does: no thread ids until there is more than one thread. */
  private String prefix(int task) {
    if (firstTask == 0) {
      firstTask = task;
    } else if (firstTask != task) {
      several = true;
    }
    return several ? "[pid %5d] ".formatted(task) : "";
  }

  private String suffix(long nanos) {
    return format == Format.TIMED_TEXT ? " <%.6f>".formatted(nanos / NANOS_PER_SECOND) : "";
  }

  private static String json(
      int task, SyscallRegisters call, CallDecoder.Decoded decoded, long nanos) {
    StringBuilder text = new StringBuilder("{\"tid\": ").append(task);
    text.append(", \"nr\": ").append(call.nr());
    text.append(", \"call\": ").append(quote(decoded.name())).append(", \"args\": {");
    for (int i = 0; i < decoded.names().size(); i++) {
      text.append(i == 0 ? "" : ", ").append(quote(decoded.names().get(i)));
      text.append(": ").append(quote(decoded.arguments().get(i)));
    }
    text.append("}, \"result\": ");
    text.append(call.result() == SyscallResult.CONTROL_TRANSFERRED ? "null" : call.result());
    text.append(", \"text\": ").append(quote(decoded.result()));
    return text.append(", \"nanos\": ").append(nanos).append('}').toString();
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
