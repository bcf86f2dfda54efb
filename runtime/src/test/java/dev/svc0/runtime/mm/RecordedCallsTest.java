package dev.svc0.runtime.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mapping calls with the results that a Linux kernel gave, recorded by {@code record.c}: errors and
 * their order, what pages hold, which faults accesses meet, where mappings split and merge.
 */
class RecordedCallsTest {
  private static final long PAGE = 4096;
  private static final long BASE = 0x4_0000_0000L;

  /** Above the inner window, and across the boundary of two outer ones. */
  private static final long OUTER_BASE = 0x7123_ffff_f000L;

  private static final Pattern TERM = Pattern.compile("([+-]?)(0x[0-9a-f]+|[0-9]+|)([BPTM]?)");

  static Stream<Arguments> scenarios() throws IOException {
    String text;
    try (var in =
        Objects.requireNonNull(RecordedCallsTest.class.getResourceAsStream("calls.recorded"))) {
      text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
    List<Arguments> scenarios = new ArrayList<>();
    for (String part : text.split("(?m)^# ")) {
      if (!part.isBlank()) {
        List<String> lines = part.lines().toList();
        for (long base : new long[] {BASE, OUTER_BASE}) {
          scenarios.add(Arguments.of(lines.getFirst(), base, lines.subList(1, lines.size())));
        }
      }
    }
    return scenarios.stream();
  }

  private long base;
  private final FrameAllocator frames = new FrameAllocator(4096);
  private final MemoryAccount account = new MemoryAccount(1 << 20);
  private final MemoryManager mm = new MemoryManager(frames, account);

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("scenarios")
  void resultsAreThoseOfLinux(String title, long where, List<String> lines) {
    base = where;
    StringBuilder actual = new StringBuilder();
    for (String line : lines) {
      String call = line.substring(0, line.indexOf(" ="));
      actual.append(call).append(" = ").append(run(call.split(" "))).append('\n');
    }
    assertThat(actual.toString()).isEqualTo(String.join("\n", lines) + "\n");
    mm.release();
    assertThat(account.usedPages()).isZero();
    frames.close();
  }

  private String run(String[] a) {
    return switch (a[0]) {
      case "mmap" -> mapped(mmap(a));
      case "munmap" -> result(mm.munmap(number(a[1]), number(a[2])));
      case "mprotect" -> result(mm.mprotect(number(a[1]), number(a[2]), (int) number(a[3])));
      case "madvise" -> result(mm.madvise(number(a[1]), number(a[2]), (int) number(a[3])));
      case "msync" -> result(mm.msync(number(a[1]), number(a[2]), (int) number(a[3])));
      case "mremap" ->
          result(
              mm.mremap(
                  number(a[1]), number(a[2]), number(a[3]), (int) number(a[4]), number(a[5])));
      case "read" -> access(number(a[1]), MemoryManager.PERM_READ);
      case "write" -> access(number(a[1]), MemoryManager.PERM_WRITE);
      case "maps" -> maps();
      default -> throw new IllegalArgumentException(a[0]);
    };
  }

  private String mapped(long result) {
    return result > 0 ? "0" : result(result);
  }

  private long mmap(String[] a) {
    int prot =
        (a[3].contains("r") ? MmapConstants.PROT_READ : 0)
            | (a[3].contains("w") ? MmapConstants.PROT_WRITE : 0);
    int flags = (int) number(a[4]);
    if (a[5].equals("anon") && (flags & MmapConstants.MAP_ANONYMOUS) == 0) {
      // What the system call does with descriptor -1 before it comes here.
      return -Errno.EBADF;
    }
    int access =
        switch (a[5]) {
          case "rofile" -> MmapConstants.PROT_READ | MmapConstants.PROT_EXEC;
          case "wofile" -> MmapConstants.PROT_WRITE | MmapConstants.PROT_EXEC;
          default -> MmapConstants.PROT_READ | MmapConstants.PROT_WRITE | MmapConstants.PROT_EXEC;
        };
    VmBacking backing = a[5].equals("anon") ? null : new TestBacking(frames, 3);
    return mm.mmap(number(a[1]), number(a[2]), prot, flags, backing, number(a[6]), access);
  }

  private String access(long address, int access) {
    int fault = mm.handleFault(address, access);
    if (fault == MemoryManager.FAULT_RESOLVED) {
      if (access == MemoryManager.PERM_WRITE) {
        mm.writeByte(address, (byte) 77);
        return "ok";
      }
      return Integer.toString(mm.readByte(address));
    }
    String code =
        switch (fault & 0xff) {
          case SignalConstants.SEGV_MAPERR -> "MAPERR";
          default -> fault >> 8 == Signals.SIGBUS ? "ADRERR" : "ACCERR";
        };
    return fault >> 8 == Signals.SIGBUS ? "SIGBUS BUS_" + code : "SIGSEGV SEGV_" + code;
  }

  private String maps() {
    StringBuilder result = new StringBuilder();
    for (VmArea area : mm.areas()) {
      result
          .append(' ')
          .append((area.start() - base) / PAGE)
          .append('-')
          .append((area.end() - base) / PAGE)
          .append(' ')
          .append((area.prot() & MmapConstants.PROT_READ) != 0 ? 'r' : '-')
          .append((area.prot() & MmapConstants.PROT_WRITE) != 0 ? 'w' : '-')
          .append('-')
          .append(area.shared() ? 's' : 'p')
          .append(' ')
          .append(Long.toHexString(area.offsetBytes()));
    }
    return result.toString();
  }

  private String result(long result) {
    if (result < 0) {
      return errnoName((int) -result);
    }
    return result == 0 ? "0" : "B+" + (result - base) / PAGE + "P";
  }

  private static String errnoName(int number) {
    try {
      for (Field field : Errno.class.getFields()) {
        if (field.getType() == int.class && field.getInt(null) == number) {
          return field.getName();
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no errno " + number);
  }

  private long number(String text) {
    long sum = 0;
    Matcher terms = TERM.matcher(text);
    while (terms.find() && !terms.group().isEmpty()) {
      long value = terms.group(2).isEmpty() ? 1 : Long.decode(terms.group(2));
      long unit =
          switch (terms.group(3)) {
            case "B" -> base;
            case "P" -> PAGE;
            case "T" -> MemoryManager.TASK_SIZE;
            case "M" -> -PAGE;
            default -> 1;
          };
      sum += (terms.group(1).equals("-") ? -1 : 1) * value * unit;
    }
    return sum;
  }
}
