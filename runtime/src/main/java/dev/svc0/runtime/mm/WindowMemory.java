package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

/**
 * The kernel's accesses through a window: the same two loads as an engine's, the same fault
 * handler.
 *
 * <p>Each check and store is one step for whoever takes permissions away ({@link AccessGate});
 * loads need no such care, because a window shows nothing but what its process may see.
 *
 * <p>A tagged address (top byte not 0) is refused, as for a program that has not asked for the
 * tagged address ABI with prctl.
 */
abstract class WindowMemory extends UserMemory {
  private static final int READ = MemoryManager.PERM_READ;
  private static final int WRITE = MemoryManager.PERM_WRITE;

  private static final long WINDOW_SIZE = MemoryManager.WINDOW_SIZE;

  private final long base;
  private final long permissions;
  private final Windows windows;
  private final AccessGate gate;

  WindowMemory(PageTable pages) {
    this.base = pages.windows.inner.base;
    this.permissions = pages.windows.inner.permissions;
    this.windows = pages.windows;
    this.gate = pages.gate;
  }

  /** Resolves an access that its permission byte forbids. */
  abstract int handleFault(long address, int access);

  @Override
  public final boolean accessOk(long userAddress, long bytes) {
    return Long.compareUnsigned(bytes, MemoryManager.TASK_SIZE) <= 0
        && Long.compareUnsigned(userAddress, MemoryManager.TASK_SIZE - bytes) <= 0;
  }

  private boolean permits(long address, int access) {
    return (permission(address >>> PAGE_SHIFT) & access) != 0;
  }

  private int permission(long page) {
    return page < Window.PAGES ? HostMemory.getByte(permissions + page) : windows.permission(page);
  }

  /** Where an address that was reached lies on the host. */
  private long hostOf(long address) {
    return address < WINDOW_SIZE
        ? base + address
        : windows.hostOf(address >>> PAGE_SHIFT) + (address & PAGE_SIZE - 1);
  }

  /**
   * The host address of an address outside of the inner window, for engines; 0 when its page does
   * not permit the access, which has to be handled as a fault.
   */
  public final long outerHostAddress(long address, int access) {
    long page = address >>> PAGE_SHIFT;
    Window window = windows.find(page);
    return window == null || (window.permission(page) & access) == 0 ? 0 : window.base + address;
  }

  /** Makes one page accessible; the address is in user space. */
  private boolean reach(long address, int access) {
    while (!permits(address, access)) {
      if (handleFault(address, access) != MemoryManager.FAULT_RESOLVED) {
        return false;
      }
    }
    return true;
  }

  /** How much of a range lies in the page of its first byte. */
  private static long inPage(long address, long bytes) {
    return Math.min(bytes, PAGE_SIZE - (address & PAGE_SIZE - 1));
  }

  @Override
  public final long copyFromUser(long hostTo, long userFrom, long bytes) {
    long done = 0;
    if (accessOk(userFrom, bytes)) {
      while (done < bytes && reach(userFrom + done, READ)) {
        long part = permittedRun(userFrom + done, bytes - done, READ);
        HostMemory.copy(hostOf(userFrom + done), hostTo + done, part);
        done += part;
      }
    }
    return bytes - done;
  }

  /** How much of a range, of which the first page permits an access, permits it in one piece. */
  private long permittedRun(long address, long bytes, int access) {
    long run = inPage(address, bytes);
    long first = address >>> PAGE_SHIFT;
    while (run < bytes
        && permits(address + run, access)
        && windows.joined(first, address + run >>> PAGE_SHIFT)) {
      long step = eightPermit(address + run >>> PAGE_SHIFT, access) ? 8L * PAGE_SIZE : PAGE_SIZE;
      run += Math.min(step, bytes - run);
    }
    return run;
  }

  /** Whether a page of the inner window and the seven after it permit an access. */
  private boolean eightPermit(long page, int access) {
    long all = access * 0x0101_0101_0101_0101L;
    return page + 8 <= Window.PAGES && (HostMemory.getLong(permissions + page) & all) == all;
  }

  @Override
  public final long copyFromUserInatomic(long hostTo, long userFrom, long bytes) {
    long done = 0;
    if (accessOk(userFrom, bytes)) {
      while (done < bytes && permits(userFrom + done, READ)) {
        long part = permittedRun(userFrom + done, bytes - done, READ);
        HostMemory.copy(hostOf(userFrom + done), hostTo + done, part);
        done += part;
      }
    }
    return bytes - done;
  }

  @Override
  public final long copyToUser(long userTo, long hostFrom, long bytes) {
    long done = 0;
    if (accessOk(userTo, bytes)) {
      while (done < bytes && reach(userTo + done, WRITE)) {
        long part = inPage(userTo + done, bytes - done);
        long stamp = gate.beginStore();
        if (permits(userTo + done, WRITE)) {
          HostMemory.copy(hostFrom + done, hostOf(userTo + done), part);
          done += part;
        }
        gate.endStore(stamp);
      }
    }
    return bytes - done;
  }

  @Override
  public final int copyFromUser(byte[] to, int toIndex, long userFrom, int bytes) {
    int done = 0;
    if (accessOk(userFrom, bytes)) {
      while (done < bytes && reach(userFrom + done, READ)) {
        int part = (int) inPage(userFrom + done, bytes - done);
        HostMemory.copy(hostOf(userFrom + done), to, toIndex + done, part);
        done += part;
      }
    }
    return bytes - done;
  }

  @Override
  public final int copyToUser(long userTo, byte[] from, int fromIndex, int bytes) {
    int done = 0;
    if (accessOk(userTo, bytes)) {
      while (done < bytes && reach(userTo + done, WRITE)) {
        int part = (int) inPage(userTo + done, bytes - done);
        long stamp = gate.beginStore();
        try {
          if (permits(userTo + done, WRITE)) {
            HostMemory.copy(from, fromIndex + done, hostOf(userTo + done), part);
            done += part;
          }
        } finally {
          gate.endStore(stamp);
        }
      }
    }
    return bytes - done;
  }

  @Override
  public final long clearUser(long userAddress, long bytes) {
    long done = 0;
    if (accessOk(userAddress, bytes)) {
      while (done < bytes && reach(userAddress + done, WRITE)) {
        long part = inPage(userAddress + done, bytes - done);
        long stamp = gate.beginStore();
        if (permits(userAddress + done, WRITE)) {
          HostMemory.fill(hostOf(userAddress + done), part, (byte) 0);
          done += part;
        }
        gate.endStore(stamp);
      }
    }
    return bytes - done;
  }

  @Override
  public final long faultInReadable(long userAddress, long bytes) {
    return faultIn(userAddress, bytes, READ);
  }

  @Override
  public final long faultInWriteable(long userAddress, long bytes) {
    return faultIn(userAddress, bytes, WRITE);
  }

  private long faultIn(long userAddress, long bytes, int access) {
    long done = 0;
    if (accessOk(userAddress, bytes)) {
      while (done < bytes && reach(userAddress + done, access)) {
        done += permittedRun(userAddress + done, bytes - done, access);
      }
    }
    return bytes - done;
  }

  /** The host address of a value that lies in one page, readable; otherwise throws. */
  private long valueAt(long userAddress, int bytes) {
    if (!accessOk(userAddress, bytes) || !reach(userAddress, READ)) {
      throw UserFault.INSTANCE;
    }
    return hostOf(userAddress);
  }

  /** Begins a store of one value; the stamp to end it with. */
  private long beginStore(long userAddress, int bytes) {
    if (accessOk(userAddress, bytes)) {
      while (reach(userAddress, WRITE)) {
        long stamp = gate.beginStore();
        if (permits(userAddress, WRITE)) {
          return stamp;
        }
        gate.endStore(stamp);
      }
    }
    throw UserFault.INSTANCE;
  }

  private static boolean crosses(long address, int bytes) {
    return (address & PAGE_SIZE - 1) > PAGE_SIZE - bytes;
  }

  /** A value across two pages, least significant byte first. */
  private long readParts(long userAddress, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (readByte(userAddress + i) & 0xff);
    }
    return value;
  }

  private void writeParts(long userAddress, int bytes, long value) {
    // Both pages before the first byte: nothing is written when the access faults.
    if (faultIn(userAddress, bytes, WRITE) != 0) {
      throw UserFault.INSTANCE;
    }
    for (int i = 0; i < bytes; i++) {
      writeByte(userAddress + i, (byte) (value >>> 8 * i));
    }
  }

  @Override
  public final byte readByte(long userAddress) {
    return HostMemory.getByte(valueAt(userAddress, 1));
  }

  @Override
  public final short readShort(long userAddress) {
    return crosses(userAddress, 2)
        ? (short) readParts(userAddress, 2)
        : HostMemory.getShort(valueAt(userAddress, 2));
  }

  @Override
  public final int readInt(long userAddress) {
    return crosses(userAddress, 4)
        ? (int) readParts(userAddress, 4)
        : HostMemory.getInt(valueAt(userAddress, 4));
  }

  @Override
  public final long readLong(long userAddress) {
    return crosses(userAddress, 8)
        ? readParts(userAddress, 8)
        : HostMemory.getLong(valueAt(userAddress, 8));
  }

  @Override
  public final void writeByte(long userAddress, byte value) {
    long stamp = beginStore(userAddress, 1);
    HostMemory.putByte(hostOf(userAddress), value);
    gate.endStore(stamp);
  }

  @Override
  public final void writeShort(long userAddress, short value) {
    if (crosses(userAddress, 2)) {
      writeParts(userAddress, 2, value);
    } else {
      long stamp = beginStore(userAddress, 2);
      HostMemory.putShort(hostOf(userAddress), value);
      gate.endStore(stamp);
    }
  }

  @Override
  public final void writeInt(long userAddress, int value) {
    if (crosses(userAddress, 4)) {
      writeParts(userAddress, 4, value);
    } else {
      long stamp = beginStore(userAddress, 4);
      HostMemory.putInt(hostOf(userAddress), value);
      gate.endStore(stamp);
    }
  }

  @Override
  public final void writeLong(long userAddress, long value) {
    if (crosses(userAddress, 8)) {
      writeParts(userAddress, 8, value);
    } else {
      long stamp = beginStore(userAddress, 8);
      HostMemory.putLong(hostOf(userAddress), value);
      gate.endStore(stamp);
    }
  }

  @Override
  public final int compareAndExchangeInt(long userAddress, int expected, int value) {
    if ((userAddress & 3) != 0) {
      throw UserFault.INSTANCE;
    }
    long stamp = beginStore(userAddress, 4);
    int found = HostMemory.compareAndExchangeInt(hostOf(userAddress), expected, value);
    gate.endStore(stamp);
    return found;
  }
}
