package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;
import static dev.svc0.arm64.interp.Fields.set;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.isa.A64;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.MemoryManager;

/**
 * Atomic memory operations (FEAT_LSE) and LDAPR. All are sequentially consistent, which is stronger
 * than any of their forms asks.
 */
final class Atomics {
  /**
   * One lock for each of some sets of 16-byte locations: the host has no 128-bit exchange to offer.
   * They hold no state of a kernel; sharing them between kernels only means waiting a little.
   */
  static final Object[] PAIR_LOCKS = new Object[64];

  static {
    for (int i = 0; i < PAIR_LOCKS.length; i++) {
      PAIR_LOCKS[i] = new Object();
    }
  }

  private Atomics() {}

  static Object pairLock(long host) {
    return PAIR_LOCKS[(int) (host >>> 4) & PAIR_LOCKS.length - 1];
  }

  static void execute(Cpu cpu, int insn, int number) {
    int size = bits(insn, 30, 2);
    switch (number) {
      case A64.CAS -> compareAndSwap(cpu, insn, size);
      case A64.CASP -> compareAndSwapPair(cpu, insn);
      case A64.LDAPR ->
          set(cpu, rd(insn), Exclusives.loadAcquire(cpu, LoadStore.base(cpu, rn(insn)), size));
      default -> {
        long address = LoadStore.base(cpu, rn(insn));
        long host = writable(cpu, address, 1 << size);
        set(cpu, rd(insn), fetchAndModify(host, get(cpu, rm(insn)), size, number));
      }
    }
  }

  private static long writable(Cpu cpu, long address, int bytes) {
    GuestMemory.alignedHostAddress(cpu, address, bytes, MemoryManager.PERM_READ);
    return GuestMemory.alignedHostAddress(cpu, address, bytes, MemoryManager.PERM_WRITE);
  }

  private static long mask(int size) {
    return size == 3 ? -1 : (1L << (8 << size)) - 1;
  }

  /** The value before, zero-extended. */
  private static long fetchAndModify(long host, long operand, int size, int number) {
    if (number == A64.LDADD && size == 3) {
      return HostMemory.getAndAddLong(host, operand);
    }
    if (number == A64.LDADD && size == 2) {
      return HostMemory.getAndAddInt(host, (int) operand) & 0xffffffffL;
    }
    while (true) {
      long old = read(host, size);
      long next = combine(number, old, operand & mask(size), size);
      if (compareAndExchange(host, old, next, size) == old) {
        return old;
      }
    }
  }

  private static long read(long host, int size) {
    return switch (size) {
      case 0 -> HostMemory.getByte(host) & 0xffL;
      case 1 -> HostMemory.getShort(host) & 0xffffL;
      case 2 -> HostMemory.getIntAcquire(host) & 0xffffffffL;
      default -> HostMemory.getLongAcquire(host);
    };
  }

  private static long combine(int number, long a, long b, int size) {
    int unused = 64 - (8 << size);
    long signedA = a << unused >> unused;
    long signedB = b << unused >> unused;
    return switch (number) {
      case A64.LDADD -> a + b;
      case A64.LDCLR -> a & ~b;
      case A64.LDEOR -> a ^ b;
      case A64.LDSET -> a | b;
      case A64.LDSMAX -> signedA > signedB ? a : b;
      case A64.LDSMIN -> signedA < signedB ? a : b;
      case A64.LDUMAX -> Long.compareUnsigned(a, b) > 0 ? a : b;
      case A64.LDUMIN -> Long.compareUnsigned(a, b) < 0 ? a : b;
      default -> b;
    };
  }

  /**
   * Compare and exchange of 1 &lt;&lt; size bytes; bytes and halfwords through the word around
   * them.
   *
   * @param expected zero-extended
   * @return the value found, zero-extended; equal to expected when the exchange happened
   */
  static long compareAndExchange(long host, long expected, long value, int size) {
    if (size == 3) {
      return HostMemory.compareAndExchangeLong(host, expected, value);
    }
    if (size == 2) {
      return HostMemory.compareAndExchangeInt(host, (int) expected, (int) value) & 0xffffffffL;
    }
    long word = host & -4;
    int shift = (int) (host & 3) << 3;
    int mask = (int) mask(size) << shift;
    while (true) {
      int old = HostMemory.getIntAcquire(word);
      long found = (old & mask) >>> shift;
      if (found != expected) {
        return found;
      }
      int next = old & ~mask | (int) value << shift & mask;
      if (HostMemory.compareAndExchangeInt(word, old, next) == old) {
        return found;
      }
    }
  }

  private static void compareAndSwap(Cpu cpu, int insn, int size) {
    long host = writable(cpu, LoadStore.base(cpu, rn(insn)), 1 << size);
    long expected = get(cpu, rm(insn)) & mask(size);
    set(cpu, rm(insn), compareAndExchange(host, expected, get(cpu, rd(insn)), size));
  }

  private static void compareAndSwapPair(Cpu cpu, int insn) {
    int expectedAt = rm(insn);
    int valueAt = rd(insn);
    if (((expectedAt | valueAt) & 1) != 0) {
      throw Exceptions.undefined(cpu);
    }
    boolean wide = bit(insn, 30) != 0;
    long host = writable(cpu, LoadStore.base(cpu, rn(insn)), wide ? 16 : 8);
    long first = get(cpu, expectedAt);
    long second = get(cpu, expectedAt + 1);
    long newFirst = get(cpu, valueAt);
    long newSecond = get(cpu, valueAt + 1);
    if (!wide) {
      long expected = first & 0xffffffffL | second << 32;
      long next = newFirst & 0xffffffffL | newSecond << 32;
      long found = HostMemory.compareAndExchangeLong(host, expected, next);
      set(cpu, expectedAt, found & 0xffffffffL);
      set(cpu, expectedAt + 1, found >>> 32);
      return;
    }
    synchronized (pairLock(host)) {
      long low = HostMemory.getLongAcquire(host);
      long high = HostMemory.getLongAcquire(host + 8);
      if (low == first && high == second) {
        HostMemory.putLongVolatile(host, newFirst);
        HostMemory.putLongVolatile(host + 8, newSecond);
      }
      set(cpu, expectedAt, low);
      set(cpu, expectedAt + 1, high);
    }
  }

  /** Exchanges 16 bytes if they are as expected. */
  static boolean exchangePair(long host, long low, long high, long newLow, long newHigh) {
    synchronized (pairLock(host)) {
      if (HostMemory.getLongAcquire(host) != low || HostMemory.getLongAcquire(host + 8) != high) {
        return false;
      }
      HostMemory.putLongVolatile(host, newLow);
      HostMemory.putLongVolatile(host + 8, newHigh);
      return true;
    }
  }
}
