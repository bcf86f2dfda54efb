package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.R10;
import static dev.svc0.arm64.jit.X86Assembler.R11;
import static dev.svc0.arm64.jit.X86Assembler.R12;
import static dev.svc0.arm64.jit.X86Assembler.R14;
import static dev.svc0.arm64.jit.X86Assembler.R8;
import static dev.svc0.arm64.jit.X86Assembler.R9;
import static dev.svc0.arm64.jit.X86Assembler.RBP;
import static dev.svc0.arm64.jit.X86Assembler.RBX;
import static dev.svc0.arm64.jit.X86Assembler.RDI;
import static dev.svc0.arm64.jit.X86Assembler.RSI;

import java.util.Arrays;

/** Which guest registers of a unit are held in registers of the host. */
final class X86Pins {
  private static final int[] PINS = {RBX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R14};
  private static final int MOST_WEIGHT_SHIFT = 9;
  private static final int LOOP_SHIFT = 3;
  private static final int WEIGHT_BITS = 32;

  private X86Pins() {}

  /**
   * Chooses what is used most, where code in loops counts more.
   *
   * @return for each guest register the host's that holds it in all of the unit, or −1
   */
  static int[] choose(GuestCode code) {
    int[] pin = new int[X86Writer.VECTOR_BASE + 1];
    Arrays.fill(pin, -1);
    long[] weights = weights(code);
    long left = -1;
    for (int host : PINS) {
      long best = left;
      long more = 0; // than 1
      for (int bit = WEIGHT_BITS - 1; bit >= 0; bit--) {
        long have = best & weights[bit];
        if (have != 0) {
          best = have;
          more |= bit;
        }
      }
      if (more == 0) {
        break;
      }
      int register = Long.numberOfTrailingZeros(best);
      left &= ~(1L << register);
      pin[register] = host;
    }
    return pin;
  }

  /**
   * How often registers are used. Counts for all of them at once: element n has bit n of each
   * register's number.
   */
  private static long[] weights(GuestCode code) {
    Block[] blocks = code.all();
    byte[] shift = loopShifts(blocks);
    long[] weights = new long[WEIGHT_BITS];
    for (Block each : blocks) {
      int[] info = each.info;
      for (int i = 0; i < info.length; i++) {
        if ((info[i] & Effects.SHARED) != 0) {
          continue;
        }
        long used = each.reads[i] | each.writes[i];
        long carry = used & 0xffffffffL | (used >>> 32 != 0 ? 1L << X86Writer.VECTOR_BASE : 0);
        for (int bit = shift[each.index]; carry != 0; bit++) {
          long before = weights[bit];
          weights[bit] = before ^ carry;
          carry &= before;
        }
      }
    }
    return weights;
  }

  /** Logarithm of what each block counts. */
  private static byte[] loopShifts(Block[] blocks) {
    byte[] shift = new byte[blocks.length];
    for (Block from : blocks) {
      Block to = from.taken;
      if (to != null && to.index <= from.index) {
        for (int i = to.index; i <= from.index; i++) {
          shift[i] += (byte) (shift[i] < MOST_WEIGHT_SHIFT ? LOOP_SHIFT : 0);
        }
      }
    }
    return shift;
  }
}
