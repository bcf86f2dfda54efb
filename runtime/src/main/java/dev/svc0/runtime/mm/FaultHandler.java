package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes pages present when they are touched. <i>Linux:</i> {@code do_page_fault}, {@code
 * handle_mm_fault}.
 *
 * <p>When memory is exhausted Linux kills a process; here it is the one that asks, so the answer is
 * SIGKILL.
 */
final class FaultHandler {
  /** Pages that a fault reads together: 128 KiB. */
  private static final int READ_AROUND = 32;

  static final int MAPERR = Signals.SIGSEGV << 8 | SignalConstants.SEGV_MAPERR;
  static final int ACCERR = Signals.SIGSEGV << 8 | SignalConstants.SEGV_ACCERR;
  static final int BUS = Signals.SIGBUS << 8 | SignalConstants.BUS_ADRERR;
  static final int OUT_OF_MEMORY = Signals.SIGKILL << 8;

  private static final int RESOLVED = MemoryManager.FAULT_RESOLVED;

  private final MemoryManager mm;
  private final FrameEvictor evictor;

  FaultHandler(MemoryManager mm) {
    this.mm = mm;
    this.evictor = new FrameEvictor(mm);
  }

  /** Resolves a fault; the manager's lock is held. */
  int handle(long address, int access) {
    if (Long.compareUnsigned(address, MemoryManager.TASK_SIZE) >= 0) {
      return MAPERR;
    }
    Vma vma = mm.areas.find(address);
    if (vma == null) {
      return MAPERR;
    }
    if (vma.start > address && !mm.stack.expand(vma, address)) {
      return MAPERR;
    }
    return accessAllowed(vma, access) ? makePresent(vma, address, access) : ACCERR;
  }

  private static boolean accessAllowed(Vma vma, int access) {
    // Without the architecture's execute-only pages any access bit makes a page readable.
    return vma.has(access == MemoryManager.PERM_READ ? Vma.VM_ACCESS : access);
  }

  /** Makes one page of a mapping present for an access that the mapping allows. */
  int makePresent(Vma vma, long address, int access) {
    long page = address >>> PAGE_SHIFT;
    if (!mm.pages.windows.provide(page)) {
      return OUT_OF_MEMORY;
    }
    @Nullable VmBacking backing = vma.backing;
    if (vma.showsFrames()) {
      return showFrame(vma, Objects.requireNonNull(backing), page, access);
    }
    PageTable.Reach reach = mm.pages.reach(vma, page, access);
    if (reach != PageTable.Reach.ABSENT) {
      return reach == PageTable.Reach.DONE ? RESOLVED : OUT_OF_MEMORY;
    }
    if (backing == null) {
      return mm.pages.installZero(vma, page) ? RESOLVED : OUT_OF_MEMORY;
    }
    return copyFrame(vma, backing, page);
  }

  private int copyFrame(Vma vma, VmBacking backing, long page) {
    long index = vma.pageIndex(page << PAGE_SHIFT);
    long frame = fault(vma, backing, index);
    if (isError(frame)) {
      return signalFor(frame);
    }
    boolean done = mm.pages.installCopy(vma, page, frame);
    backing.unpin(index);
    return done ? RESOLVED : OUT_OF_MEMORY;
  }

  /** With the pages around it, as far as madvise allows. */
  private static long fault(Vma vma, VmBacking backing, long index) {
    if (vma.has(Vma.VM_SEQ_READ)) {
      backing.readAround(index, 0, READ_AROUND);
    } else if (!vma.has(Vma.VM_RAND_READ)) {
      long before = Math.min(READ_AROUND / 2, index - vma.pageOffset);
      backing.readAround(index, (int) before, READ_AROUND);
    }
    return backing.fault(index);
  }

  private int showFrame(Vma vma, VmBacking backing, long page, int access) {
    long index = vma.pageIndex(page << PAGE_SHIFT);
    if (mm.pages.state(page) == 0) {
      int result = install(vma, backing, page, index);
      if (result == OUT_OF_MEMORY && evictor.evict()) {
        result = install(vma, backing, page, index);
      }
      if (result != RESOLVED) {
        return result;
      }
    }
    return access == MemoryManager.PERM_WRITE ? makeWritable(vma, backing, page, index) : RESOLVED;
  }

  private int install(Vma vma, VmBacking backing, long page, long index) {
    long seen = mm.pages.shown.backingChanges();
    long frame = fault(vma, backing, index);
    if (isError(frame)) {
      return signalFor(frame);
    }
    ShownFrames.Install result = mm.pages.shown.install(vma, page, frame, seen);
    if (result != ShownFrames.Install.DONE) {
      backing.unpin(index);
    }
    // Not needed: shown or invalidated meanwhile, which the next try finds out.
    return result == ShownFrames.Install.NO_ROOM ? OUT_OF_MEMORY : RESOLVED;
  }

  private int makeWritable(Vma vma, VmBacking backing, long page, long index) {
    if ((mm.pages.state(page) & PageTable.DIRTY) != 0) {
      return RESOLVED;
    }
    long seen = mm.pages.shown.backingChanges();
    long result = backing.pageMkwrite(index);
    if (isError(result)) {
      return signalFor(result);
    }
    mm.pages.shown.allowStores(vma, page, seen);
    return RESOLVED;
  }

  private static int signalFor(long error) {
    return error == -Errno.ENOMEM ? OUT_OF_MEMORY : BUS;
  }

  private static boolean isError(long result) {
    return result < 0 && result >= -4095;
  }
}
