package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.abi.PollfdLayout;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ppoll(2) and pselect6(2): the arguments are what was asked for, and what came of it stands behind
 * the result: {@code = 1 ([{fd=0, revents=POLLIN}], left {tv_sec=0, tv_nsec=5})}.
 */
final class Waits {
  static final String POLLFD = "struct pollfd";

  /** The argument of pselect6 that has the signals and their size. */
  static final int PSELECT_MASK = 5;

  private static final String POLL = "ppoll";
  private static final String SELECT = "pselect6";
  private static final Set<String> CALLS = Set.of(POLL, SELECT);
  private static final List<String> SETS = List.of("in", "out", "except");
  private static final int MOST_SHOWN = 32;
  private static final int MOST_DESCRIPTORS = 1024;

  private Waits() {}

  static boolean isOne(SyscallInfo info) {
    return CALLS.contains(info.name());
  }

  /** The descriptors that poll was asked about; null when they cannot be read. */
  static @Nullable String wanted(Bytes memory, long address, long count) {
    return list(memory, address, count, "events", PollfdLayout.events, false);
  }

  private static @Nullable String list(
      Bytes memory, long address, long count, String name, int field, boolean onlySet) {
    List<String> shown = new ArrayList<>();
    boolean more = false;
    for (int i = 0; i < Math.min(count, MOST_DESCRIPTORS); i++) {
      byte[] read = memory.all(address + (long) i * PollfdLayout.SIZE, PollfdLayout.SIZE);
      if (read == null) {
        return null;
      }
      long events = Bytes.number(read, field, Short.BYTES, false);
      if (onlySet && events == 0) {
        continue;
      }
      if (shown.size() == MOST_SHOWN) {
        more = true;
        break;
      }
      long fd = Bytes.number(read, PollfdLayout.fd, Integer.BYTES, true);
      shown.add("{fd=%d, %s=%s}".formatted(fd, name, Constants.of("poll").flags(events)));
    }
    return "[" + String.join(", ", shown) + (more ? ", ..." : "") + "]";
  }

  /** A set of descriptors below a number: {@code [3 7]}; null when it cannot be read. */
  static @Nullable String descriptors(Bytes memory, long address, long below) {
    int most = (int) Math.clamp(below, 0, MOST_DESCRIPTORS);
    int bytes = (most + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
    byte[] read = memory.all(address, bytes);
    if (read == null) {
      return null;
    }
    List<String> set = new ArrayList<>();
    for (int fd = 0; fd < most; fd++) {
      if ((read[fd / Byte.SIZE] >> fd % Byte.SIZE & 1) != 0) {
        set.add(Integer.toString(fd));
      }
    }
    return "[" + String.join(" ", set) + "]";
  }

  /** What came of it, with a space in front. */
  static String outcome(SyscallInfo info, Bytes memory, SyscallRegisters call) {
    if (call.result() == 0) {
      return " (Timeout)";
    }
    List<String> parts = new ArrayList<>();
    boolean poll = info.name().equals(POLL);
    long timeout = call.argument(poll ? 2 : 4);
    if (poll) {
      String ready =
          list(memory, call.argument(0), call.argument(1), "revents", PollfdLayout.revents, true);
      parts.add(ready == null ? "?" : ready);
    } else {
      for (int i = 0; i < SETS.size(); i++) {
        long set = call.argument(i + 1);
        String shown = set == 0 ? null : descriptors(memory, set, call.argument(0));
        if (shown != null && !shown.equals("[]")) {
          parts.add(SETS.get(i) + " " + shown);
        }
      }
    }
    String left =
        timeout == 0
            ? null
            : new Pointers(memory, 0).structs("struct __kernel_timespec", timeout, 1, false);
    if (left != null) {
      parts.add("left " + left);
    }
    return " (" + String.join(", ", parts) + ")";
  }
}
