package dev.svc0.arm64.cpu;

import dev.svc0.runtime.mm.MemoryManager;

/**
 * Loads and stores of a guest thread: permission check, tagged addresses, accesses across pages.
 *
 * <p>The top byte of a data address is ignored (TCR_EL1.TBI0). Every method either completes or
 * throws {@link GuestAbort} with the syndrome in the {@link Cpu}; a store that aborts has written
 * nothing. Plain accesses may be unaligned (SCTLR_EL1.A is clear).
 */
public final class GuestMemory {
  /** Address bits that translation looks at. */
  public static final long ADDRESS_MASK = (1L << 56) - 1;

  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_MASK = 4095;

  private GuestMemory() {}

  /** An address without its tag. */
  public static long untagged(long address) {
    return address & ADDRESS_MASK;
  }

  private static boolean permitted(Cpu cpu, long plain, int lastStart, int permission) {
    long page = plain >>> PAGE_SHIFT;
    return page < cpu.windowPages
        && (plain & PAGE_MASK) <= lastStart
        && (RawMemory.getByte(cpu.permissionBase + page) & permission) != 0;
  }

  public static long load8(Cpu cpu, long address) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4095, MemoryManager.PERM_READ)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 1, MemoryManager.PERM_READ);
    return RawMemory.getByte(host) & 0xffL;
  }

  public static long load16(Cpu cpu, long address) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4094, MemoryManager.PERM_READ)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 2, MemoryManager.PERM_READ);
    return RawMemory.getShort(host) & 0xffffL;
  }

  public static long load32(Cpu cpu, long address) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4092, MemoryManager.PERM_READ)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 4, MemoryManager.PERM_READ);
    return RawMemory.getInt(host) & 0xffffffffL;
  }

  public static long load64(Cpu cpu, long address) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4088, MemoryManager.PERM_READ)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 8, MemoryManager.PERM_READ);
    return RawMemory.getLong(host);
  }

  public static void store8(Cpu cpu, long address, long value) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4095, MemoryManager.PERM_WRITE)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 1, MemoryManager.PERM_WRITE);
    RawMemory.putByte(host, (byte) value);
  }

  public static void store16(Cpu cpu, long address, long value) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4094, MemoryManager.PERM_WRITE)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 2, MemoryManager.PERM_WRITE);
    RawMemory.putShort(host, (short) value);
  }

  public static void store32(Cpu cpu, long address, long value) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4092, MemoryManager.PERM_WRITE)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 4, MemoryManager.PERM_WRITE);
    RawMemory.putInt(host, (int) value);
  }

  public static void store64(Cpu cpu, long address, long value) {
    long plain = address & ADDRESS_MASK;
    long host =
        permitted(cpu, plain, 4088, MemoryManager.PERM_WRITE)
            ? cpu.windowBase + plain
            : resolve(cpu, address, 8, MemoryManager.PERM_WRITE);
    RawMemory.putLong(host, value);
  }

  /**
   * The host address of a range that may be accessed now, after resolving faults in address order.
   *
   * @param bytes at most one page
   * @param access PERM_READ or PERM_WRITE
   */
  public static long hostAddress(Cpu cpu, long address, int bytes, int access) {
    long plain = address & ADDRESS_MASK;
    return permitted(cpu, plain, 4096 - bytes, access)
        ? cpu.windowBase + plain
        : resolve(cpu, address, bytes, access);
  }

  /** The host address for an access that must be aligned to its size. */
  public static long alignedHostAddress(Cpu cpu, long address, int bytes, int access) {
    if ((address & (bytes - 1)) != 0) {
      throw Exceptions.dataAlignment(cpu, address, access == MemoryManager.PERM_WRITE);
    }
    return hostAddress(cpu, address, bytes, access);
  }

  /**
   * The host address of a range after resolving its faults. What follows a page of a window on the
   * host is always the next page, whatever window that one belongs to.
   */
  private static long resolve(Cpu cpu, long address, int bytes, int access) {
    long host = reachPage(cpu, address, access);
    long last = address + bytes - 1;
    if (((address ^ last) & ~PAGE_MASK) != 0) {
      long unused = reachPage(cpu, last & ~PAGE_MASK, access);
    }
    return host;
  }

  /** The host address of an address whose page permits an access, after resolving faults. */
  private static long reachPage(Cpu cpu, long address, int access) {
    long plain = address & ADDRESS_MASK;
    while (true) {
      long host = hostOfPermitted(cpu, plain, access);
      if (host != 0) {
        return host;
      }
      int fault = cpu.mm().handleFault(plain, access);
      if (fault != MemoryManager.FAULT_RESOLVED) {
        throw Exceptions.dataAbort(cpu, address, access == MemoryManager.PERM_WRITE, fault);
      }
    }
  }

  /** Where an untagged address lies on the host if its page permits an access; else 0. */
  public static long hostOfPermitted(Cpu cpu, long plain, int access) {
    long page = plain >>> PAGE_SHIFT;
    if (page >= cpu.windowPages) {
      return cpu.mm().outerHostAddress(plain, access);
    }
    return (RawMemory.getByte(cpu.permissionBase + page) & access) != 0
        ? cpu.windowBase + plain
        : 0;
  }
}
