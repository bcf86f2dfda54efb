package dev.svc0.runtime.mm;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;

/** msync(2): finds the mappings one by one and lets each backing write without the lock held. */
final class Msync {
  private Msync() {}

  static long sync(MemoryManager mm, long start, long end, int flags) {
    long holes = 0;
    for (long at = start; Long.compareUnsigned(at, end) < 0; ) {
      Vma vma = mm.snapshot(at);
      if (vma == null || Long.compareUnsigned(vma.start, end) >= 0) {
        return -Errno.ENOMEM;
      }
      if (vma.start > at) {
        holes = -Errno.ENOMEM;
        at = vma.start;
      }
      if ((flags & MmapConstants.MS_INVALIDATE) != 0 && vma.has(Vma.VM_LOCKED)) {
        return -Errno.EBUSY;
      }
      long partEnd = Long.compareUnsigned(end, vma.end) < 0 ? end : vma.end;
      if ((flags & MmapConstants.MS_SYNC) != 0 && vma.backing != null && vma.has(Vma.VM_SHARED)) {
        long result = vma.backing.sync(vma.pageIndex(at), vma.pageIndex(partEnd - 1));
        if (result < 0) {
          return result;
        }
      }
      at = partEnd;
    }
    return holes;
  }
}
