package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.abi.MsginfoLayout;
import dev.svc0.runtime.abi.SeminfoLayout;
import dev.svc0.runtime.abi.ShmInfoLayout;
import dev.svc0.runtime.abi.Shminfo64Layout;
import dev.svc0.runtime.vfs.Caller;
import java.nio.ByteBuffer;

/**
 * IPC_INFO, SEM_INFO, SHM_INFO and MSG_INFO: limits, and how much is in use. Each fills a struct of
 * the program and returns the largest index in use, up to which SEM_STAT and its like find objects.
 */
final class IpcInfo {
  private static final int PAGE = 4096;

  /** Most pages and bytes of shared memory: what is left of 64 bits keeps sums from wrapping. */
  static final long UNLIMITED = -1L - (1L << 24);

  /** <i>Linux:</i> {@code MSGPOOL}: KiB of text in all queues, unused. */
  private static final int MESSAGE_POOL = Ipc.MSGMNI * Ipc.MSGMNB / 1024;

  private IpcInfo() {}

  private static long give(Caller caller, long address, ByteBuffer out, int largestIndex) {
    caller.memory().writeBytes(address, out.array());
    return largestIndex;
  }

  /** semctl(2): IPC_INFO or SEM_INFO. */
  static long semaphores(IpcNamespace ipc, Caller caller, int command, long address) {
    ByteBuffer out = IpcControl.buffer(SeminfoLayout.SIZE);
    out.putInt(SeminfoLayout.semmap, Ipc.SEMMAP);
    out.putInt(SeminfoLayout.semmni, Ipc.SEMMNI);
    out.putInt(SeminfoLayout.semmns, Ipc.SEMMNS);
    out.putInt(SeminfoLayout.semmnu, Ipc.SEMMNU);
    out.putInt(SeminfoLayout.semmsl, Ipc.SEMMSL);
    out.putInt(SeminfoLayout.semopm, Ipc.SEMOPM);
    out.putInt(SeminfoLayout.semume, Ipc.SEMUME);
    out.putInt(SeminfoLayout.semvmx, Ipc.SEMVMX);
    int largest;
    synchronized (ipc) {
      int semaphores = 0;
      for (SemaphoreSet set : ipc.sets.all()) {
        semaphores += set.values.length;
      }
      boolean use = command == Ipc.SEM_INFO;
      out.putInt(SeminfoLayout.semusz, use ? ipc.sets.size() : Ipc.SEMUSZ);
      out.putInt(SeminfoLayout.semaem, use ? semaphores : Ipc.SEMAEM);
      largest = ipc.sets.largestIndex();
    }
    return give(caller, address, out, largest);
  }

  /** shmctl(2): IPC_INFO or SHM_INFO. */
  static long segments(IpcNamespace ipc, Caller caller, int command, long address) {
    if (command == Ipc.IPC_INFO) {
      ByteBuffer out = IpcControl.buffer(Shminfo64Layout.SIZE);
      out.putLong(Shminfo64Layout.shmmax, UNLIMITED);
      out.putLong(Shminfo64Layout.shmmin, Ipc.SHMMIN);
      out.putLong(Shminfo64Layout.shmmni, Ipc.SHMMNI);
      out.putLong(Shminfo64Layout.shmseg, Ipc.SHMMNI);
      out.putLong(Shminfo64Layout.shmall, UNLIMITED);
      synchronized (ipc) {
        return give(caller, address, out, ipc.segments.largestIndex());
      }
    }
    ByteBuffer out = IpcControl.buffer(ShmInfoLayout.SIZE);
    int largest;
    synchronized (ipc) {
      long pages = 0;
      long resident = 0;
      for (ShmSegment segment : ipc.segments.all()) {
        pages += (segment.bytes + PAGE - 1) / PAGE;
        resident += segment.residentPages();
      }
      out.putInt(ShmInfoLayout.used_ids, ipc.segments.size());
      out.putLong(ShmInfoLayout.shm_tot, pages);
      out.putLong(ShmInfoLayout.shm_rss, resident);
      largest = ipc.segments.largestIndex();
    }
    return give(caller, address, out, largest);
  }

  /** msgctl(2): IPC_INFO or MSG_INFO. */
  static long queues(IpcNamespace ipc, Caller caller, int command, long address) {
    ByteBuffer out = IpcControl.buffer(MsginfoLayout.SIZE);
    out.putInt(MsginfoLayout.msgmax, Ipc.MSGMAX);
    out.putInt(MsginfoLayout.msgmnb, Ipc.MSGMNB);
    out.putInt(MsginfoLayout.msgmni, Ipc.MSGMNI);
    out.putInt(MsginfoLayout.msgssz, Ipc.MSGSSZ);
    out.putShort(MsginfoLayout.msgseg, (short) Ipc.MSGSEG);
    int largest;
    synchronized (ipc) {
      int messages = 0;
      long bytes = 0;
      for (MessageQueue queue : ipc.queues.all()) {
        messages += queue.messages.size();
        bytes += queue.bytes;
      }
      boolean use = command == Ipc.MSG_INFO;
      out.putInt(MsginfoLayout.msgpool, use ? ipc.queues.size() : MESSAGE_POOL);
      out.putInt(MsginfoLayout.msgmap, use ? messages : Ipc.MSGMAP);
      out.putInt(MsginfoLayout.msgtql, use ? (int) bytes : Ipc.MSGTQL);
      largest = ipc.queues.largestIndex();
    }
    return give(caller, address, out, largest);
  }
}
