package dev.svc0.arm64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.svc0.annotation.index.RoleKind;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.TableDispatch;
import dev.svc0.runtime.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One test for each call with a handler, made from its definition: junk above an argument's width
 * reaches no handler, and nothing of its width is lost.
 */
class NarrowingTest {
  private static final long[] VALUES = {0, 1, -1, 0x7fff_ffffL, 0x8000_0000L, 0xffff_fff7L};
  private static final long JUNK = 0xdead_beef_0000_0000L;

  @TestFactory
  Stream<DynamicTest> arm64() throws Exception {
    return tests(RecordedDispatch.of(Arm64TableDispatch.class));
  }

  @TestFactory
  Stream<DynamicTest> x8664() throws Exception {
    return tests(RecordedDispatch.of(X8664TableDispatch.class));
  }

  private static Stream<DynamicTest> tests(TableDispatch table) {
    return table.all().stream()
        .filter(SyscallInfo::implemented)
        .map(call -> dynamicTest(call.nr() + " " + call.name(), () -> check(table, call)));
  }

  private static void check(TableDispatch table, SyscallInfo call) {
    Task task = TestTasks.bare();
    long[] taken = bitsTaken(table, task, call);
    for (long value : VALUES) {
      long[] clean = new long[6];
      long[] dirty = new long[6];
      for (int i = 0; i < call.arguments().size(); i++) {
        int bits = call.arguments().get(i).kind().bits();
        // A value that tells the arguments apart, and differs from what an exchange would give.
        clean[i] = (value ^ ((long) i << 3)) & taken[i];
        dirty[i] = bits == 64 ? clean[i] : junkAbove(clean[i], bits);
      }
      List<Object> expected = made(table, task, call, clean);
      assertThat(made(table, task, call, dirty)).as("with junk").isEqualTo(expected);
      assertThat(numbers(expected)).as("as given").isEqualTo(narrowed(call, clean, expected));
    }
  }

  /**
   * The bits of each argument with which a call reaches its handler: all, but for flags that the
   * definition does not name, which are EINVAL.
   */
  private static long[] bitsTaken(TableDispatch table, Task task, SyscallInfo call) {
    long[] taken = new long[6];
    for (int i = 0; i < call.arguments().size(); i++) {
      SyscallInfo.Argument argument = call.arguments().get(i);
      for (int bit = 0; bit < 64; bit++) {
        long[] x = new long[6];
        x[i] = 1L << bit;
        long result = table.dispatch(task, call.nr(), x[0], x[1], x[2], x[3], x[4], x[5]);
        if (RecordedDispatch.take() != null) {
          taken[i] |= x[i];
        } else {
          assertThat(result).as("%s, bit %d", argument.name(), bit).isEqualTo(-Errno.EINVAL);
          assertThat(argument.role().kind()).as(argument.name()).isEqualTo(RoleKind.FLAGS);
          assertThat(bit).as("no junk is refused").isLessThan(argument.kind().bits());
        }
      }
    }
    return taken;
  }

  private static long junkAbove(long value, int bits) {
    return bits == 32 ? value & 0xffff_ffffL | JUNK : value & 0xffffL | JUNK | 0xabcd_0000L;
  }

  private static List<Object> made(TableDispatch table, Task task, SyscallInfo call, long[] x) {
    assertThat(table.dispatch(task, call.nr(), x[0], x[1], x[2], x[3], x[4], x[5])).isZero();
    RecordedDispatch.Call recorded = RecordedDispatch.take();
    assertThat(recorded).isNotNull();
    assertThat(call.handler()).endsWith("." + recorded.method());
    return recorded.arguments();
  }

  private static List<Long> numbers(List<Object> arguments) {
    return arguments.stream().map(argument -> ((Number) argument).longValue()).toList();
  }

  /** What each parameter must hold, by the kind of its argument and its Java type. */
  private static List<Long> narrowed(SyscallInfo call, long[] x, List<Object> given) {
    List<Long> expected = new ArrayList<>();
    int[] registers = registers(call, given.size());
    for (int i = 0; i < given.size(); i++) {
      long value = x[registers[i]];
      boolean sixteen = call.arguments().get(registers[i]).kind().bits() == 16;
      expected.add(
          switch (given.get(i)) {
            case Long whole -> value;
            case Short low -> (long) (short) value;
            default -> sixteen ? value & 0xffff : (long) (int) value;
          });
    }
    return expected;
  }

  /**
   * Handlers take their arguments in the order of arm64; x86-64 has the last two of clone swapped.
   */
  private static int[] registers(SyscallInfo call, int parameters) {
    boolean swapped = call.nr() == 56 && call.name().equals("clone");
    int[] registers = new int[parameters];
    for (int i = 0; i < parameters; i++) {
      registers[i] = swapped && i >= 3 ? 7 - i : i;
    }
    return registers;
  }
}
