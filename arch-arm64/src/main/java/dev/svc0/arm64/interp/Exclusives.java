package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.ra;
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
import java.lang.invoke.VarHandle;

/**
 * Load-acquire, store-release and exclusives. A load-exclusive remembers address and value; the
 * store-exclusive is a compare-and-exchange against that value. It can succeed after the location
 * was changed and changed back, which programs that run under emulators live with.
 *
 * <p>A store-exclusive of a pair of 64-bit registers compares and exchanges each half; another
 * processor that writes the pair with anything but exclusives or CASP is held off by {@link
 * Atomics#PAIR_LOCKS}.
 */
final class Exclusives {
  private Exclusives() {}

  static void execute(Cpu cpu, int insn, int number) {
    int size = bits(insn, 30, 2);
    switch (number) {
      case A64.LDXR, A64.LDAXR -> loadExclusive(cpu, insn, size);
      case A64.STXR, A64.STLXR -> storeExclusive(cpu, insn, size);
      case A64.LDXP, A64.LDAXP -> loadPair(cpu, insn, bit(insn, 30) + 2);
      case A64.STXP, A64.STLXP -> storePair(cpu, insn, bit(insn, 30) + 2);
      case A64.LDAR -> set(cpu, rd(insn), loadAcquire(cpu, LoadStore.base(cpu, rn(insn)), size));
      case A64.STLR -> storeRelease(cpu, LoadStore.base(cpu, rn(insn)), get(cpu, rd(insn)), size);
      default -> throw Exceptions.undefined(cpu);
    }
  }

  /** A load that later accesses stay behind. */
  static long loadAcquire(Cpu cpu, long address, int size) {
    long host = GuestMemory.alignedHostAddress(cpu, address, 1 << size, MemoryManager.PERM_READ);
    switch (size) {
      case 2:
        return HostMemory.getIntAcquire(host) & 0xffffffffL;
      case 3:
        return HostMemory.getLongAcquire(host);
      default:
        long value =
            size == 0 ? HostMemory.getByte(host) & 0xffL : HostMemory.getShort(host) & 0xffffL;
        VarHandle.acquireFence();
        return value;
    }
  }

  /** A store that earlier accesses stay before, and later load-acquires after. */
  static void storeRelease(Cpu cpu, long address, long value, int size) {
    long host = GuestMemory.alignedHostAddress(cpu, address, 1 << size, MemoryManager.PERM_WRITE);
    switch (size) {
      case 2 -> HostMemory.putIntVolatile(host, (int) value);
      case 3 -> HostMemory.putLongVolatile(host, value);
      default -> {
        VarHandle.releaseFence();
        if (size == 0) {
          HostMemory.putByte(host, (byte) value);
        } else {
          HostMemory.putShort(host, (short) value);
        }
        VarHandle.fullFence();
      }
    }
  }

  private static void loadExclusive(Cpu cpu, int insn, int size) {
    long address = LoadStore.base(cpu, rn(insn));
    long value = loadAcquire(cpu, address, size);
    mark(cpu, address, 1 << size, value, 0);
    set(cpu, rd(insn), value);
  }

  private static void mark(Cpu cpu, long address, int bytes, long low, long high) {
    cpu.exclusiveAddress = GuestMemory.untagged(address);
    cpu.exclusiveBytes = bytes;
    cpu.exclusiveLow = low;
    cpu.exclusiveHigh = high;
  }

  private static boolean marked(Cpu cpu, long address, int bytes) {
    boolean ours =
        cpu.exclusiveAddress == GuestMemory.untagged(address) && cpu.exclusiveBytes == bytes;
    cpu.exclusiveAddress = -1;
    return ours;
  }

  private static void storeExclusive(Cpu cpu, int insn, int size) {
    long address = LoadStore.base(cpu, rn(insn));
    long host = GuestMemory.alignedHostAddress(cpu, address, 1 << size, MemoryManager.PERM_WRITE);
    boolean done = false;
    if (marked(cpu, address, 1 << size)) {
      long expected = cpu.exclusiveLow;
      done = Atomics.compareAndExchange(host, expected, get(cpu, rd(insn)), size) == expected;
    }
    set(cpu, rm(insn), done ? 0 : 1);
  }

  private static void loadPair(Cpu cpu, int insn, int size) {
    long address = LoadStore.base(cpu, rn(insn));
    int bytes = 2 << size;
    long host = GuestMemory.alignedHostAddress(cpu, address, bytes, MemoryManager.PERM_READ);
    if (size == 2) {
      long both = HostMemory.getLongAcquire(host);
      mark(cpu, address, bytes, both, 0);
      set(cpu, rd(insn), both & 0xffffffffL);
      set(cpu, ra(insn), both >>> 32);
      return;
    }
    long low;
    long high;
    synchronized (Atomics.pairLock(host)) {
      low = HostMemory.getLongAcquire(host);
      high = HostMemory.getLongAcquire(host + 8);
    }
    mark(cpu, address, bytes, low, high);
    set(cpu, rd(insn), low);
    set(cpu, ra(insn), high);
  }

  private static void storePair(Cpu cpu, int insn, int size) {
    long address = LoadStore.base(cpu, rn(insn));
    int bytes = 2 << size;
    long host = GuestMemory.alignedHostAddress(cpu, address, bytes, MemoryManager.PERM_WRITE);
    long first = get(cpu, rd(insn));
    long second = get(cpu, ra(insn));
    boolean done = false;
    if (marked(cpu, address, bytes)) {
      long low = cpu.exclusiveLow;
      if (size == 2) {
        long both = first & 0xffffffffL | second << 32;
        done = HostMemory.compareAndExchangeLong(host, low, both) == low;
      } else {
        done = Atomics.exchangePair(host, low, cpu.exclusiveHigh, first, second);
      }
    }
    set(cpu, rm(insn), done ? 0 : 1);
  }
}
