package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.Sched.RSEQ_FLAG_UNREGISTER;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.RseqCsLayout;
import dev.svc0.runtime.abi.RseqLayout;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.mm.UserMemory;

/**
 * What one thread registered with rseq(2): where the kernel says which processor it is on, and
 * where the thread says what must begin anew when it was interrupted. <i>Linux:</i> kernel/rseq.c.
 *
 * <p>Restartable sequences rely on it that no two threads are on one processor at a time. Threads
 * here are the host's, and run on whatever processor the host likes, so each registered thread of a
 * process gets a processor number of its own; one beyond the number of processors gets −1, as
 * before its registration, and programs take their slower way. A sequence is aborted when a signal
 * handler starts, and by membarrier(2).
 *
 * <p>Used by the thread itself, except {@link #processor}.
 */
public final class Rseq {
  /** {@link #processor} of a thread that has no number of its own. */
  static final int NO_PROCESSOR = -1;

  private static final int ORIG_SIZE = 32;
  private static final int SIGNATURE_BYTES = 4;

  private long address;
  private int bytes;
  private int signature;
  private volatile int processor = NO_PROCESSOR;

  /** What a child of fork inherits: it is registered at the same address. */
  void copyFrom(Rseq parent) {
    address = parent.address;
    bytes = parent.bytes;
    signature = parent.signature;
    processor = parent.processor;
  }

  /** execve: nothing is registered any more. */
  void clear() {
    address = 0;
    bytes = 0;
    signature = 0;
    processor = NO_PROCESSOR;
  }

  /** The processor that belongs to this thread alone; or {@link #NO_PROCESSOR}. */
  public int processor() {
    return processor;
  }

  /** <i>Linux:</i> {@code sys_rseq}, the same checks in the same order. 0 or −errno. */
  public long call(Task task, long user, int length, int flags, int sig, long allowed) {
    if ((flags & RSEQ_FLAG_UNREGISTER) != 0) {
      return unregister(task, user, length, flags, sig);
    }
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    if (address != 0) {
      return refusal(user, length, sig, -Errno.EBUSY);
    }
    boolean original = length == ORIG_SIZE;
    boolean aligned = (user & ORIG_SIZE - 1) == 0;
    if (!aligned || !original && Integer.compareUnsigned(length, (int) RseqLayout.end) < 0) {
      return -Errno.EINVAL;
    }
    if (!task.memory().accessOk(user, length & 0xffffffffL)) {
      return -Errno.EFAULT;
    }
    address = user;
    bytes = length;
    signature = sig;
    takeProcessor(task, allowed);
    update(task);
    return 0;
  }

  private long refusal(long user, int length, int sig, long otherwise) {
    if (address != user || bytes != length) {
      return -Errno.EINVAL;
    }
    return signature != sig ? -Errno.EPERM : otherwise;
  }

  private long unregister(Task task, long user, int length, int flags, int sig) {
    if ((flags & ~RSEQ_FLAG_UNREGISTER) != 0 || address == 0) {
      return -Errno.EINVAL;
    }
    long refused = refusal(user, length, sig, 0);
    if (refused < 0) {
      return refused;
    }
    write(task.memory(), 0, NO_PROCESSOR, 0);
    clear();
    return 0;
  }

  /** The affinity changed: the processor must be one of the allowed ones. */
  public void move(Task task, long allowed) {
    if (address != 0) {
      processor = NO_PROCESSOR;
      takeProcessor(task, allowed);
      update(task);
    }
  }

  private void takeProcessor(Task task, long allowed) {
    synchronized (task.signal()) {
      long free = allowed;
      for (Task other : task.signal().threads) {
        int taken = other.rseq.processor;
        if (other != task && taken != NO_PROCESSOR) {
          free &= ~(1L << taken);
        }
      }
      processor = free == 0 ? NO_PROCESSOR : Long.numberOfTrailingZeros(free);
    }
  }

  /** Tells the thread its processor; kills it when the address cannot be written. */
  private void update(Task task) {
    int own = processor;
    try {
      write(task.memory(), Math.max(own, 0), own, Math.max(own, 0));
    } catch (UserFault fault) {
      SignalSender.forceFatal(task, Signals.SIGSEGV);
    }
  }

  private void write(UserMemory memory, int start, int own, int concurrency) {
    memory.writeInt(address + RseqLayout.cpu_id_start, start);
    memory.writeInt(address + RseqLayout.cpu_id, own);
    memory.writeInt(address + RseqLayout.node_id, 0);
    memory.writeInt(address + RseqLayout.mm_cid, concurrency);
  }

  /**
   * The thread was interrupted: if it was inside a sequence, it goes on at the sequence's abort
   * address. A sequence that is not well-formed is answered with SIGSEGV. <i>Linux:</i> {@code
   * rseq_ip_fixup}.
   */
  public void interrupted(Task task) {
    if (address == 0) {
      return;
    }
    try {
      if (!fixUp(task)) {
        SignalSender.forceFatal(task, Signals.SIGSEGV);
      }
    } catch (UserFault fault) {
      SignalSender.forceFatal(task, Signals.SIGSEGV);
    }
  }

  /** False when what the thread says of its sequence makes no sense. */
  private boolean fixUp(Task task) {
    UserMemory memory = task.memory();
    long at = memory.readLong(address + RseqLayout.rseq_cs);
    if (at == 0) {
      return true;
    }
    long start = memory.readLong(at + RseqCsLayout.start_ip);
    long length = memory.readLong(at + RseqCsLayout.post_commit_offset);
    long abort = memory.readLong(at + RseqCsLayout.abort_ip);
    int version = memory.readInt(at + RseqCsLayout.version);
    int flags = memory.readInt(at + RseqCsLayout.flags);
    boolean placed = isUser(start) && isUser(start + length) && isUser(abort);
    if (!placed
        || version != 0
        || Long.compareUnsigned(start + length, start) < 0
        || Long.compareUnsigned(abort - start, length) < 0
        || memory.readInt(abort - SIGNATURE_BYTES) != signature) {
      return false;
    }
    boolean inside = Long.compareUnsigned(task.context().programCounter() - start, length) < 0;
    if (inside && flags != 0) {
      return false;
    }
    memory.writeLong(address + RseqLayout.rseq_cs, 0);
    if (inside) {
      task.context().setProgramCounter(abort);
    }
    return true;
  }

  private static boolean isUser(long address) {
    return Long.compareUnsigned(address, MemoryManager.TASK_SIZE) < 0;
  }
}
