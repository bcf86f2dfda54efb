package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.vfs.Vfs;
import java.util.Locale;

/**
 * What /proc/sysvipc says of the objects of one kernel, a line each. <i>Source:</i>
 * proc_sysvipc(5).
 */
public final class IpcText {
  private static final int PAGE = 4096;
  private final IpcNamespace ipc;

  /** Of the kernel that owns a VFS. */
  public IpcText(Vfs vfs) {
    ipc = IpcNamespace.of(vfs);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** /proc/sys/kernel/sem: semaphores a set and in all, operations a call, sets. */
  public static String semaphoreLimits() {
    return line("%d\t%d\t%d\t%d%n", Ipc.SEMMSL, Ipc.SEMMNS, Ipc.SEMOPM, Ipc.SEMMNI);
  }

  /** /proc/sys/kernel/shmmax in bytes, and shmall in pages. */
  public static String sharedMemoryLimit() {
    return Long.toUnsignedString(IpcInfo.UNLIMITED) + "\n";
  }

  /** /proc/sysvipc/sem. */
  public String semaphores() {
    StringBuilder text =
        new StringBuilder(
            "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
    synchronized (ipc) {
      for (SemaphoreSet set : ipc.sets.all()) {
        text.append(line("%10d %10d  %4o %10d", set.key, set.id, set.mode, set.values.length))
            .append(owners(set))
            .append(line(" %10d %10d%n", set.operationSeconds, set.changeSeconds));
      }
    }
    return text.toString();
  }

  /** /proc/sysvipc/shm. */
  public String segments() {
    StringBuilder text =
        new StringBuilder(
            "       key      shmid perms                  size  cpid  lpid nattch   uid   gid"
                + "  cuid  cgid      atime      dtime      ctime                   rss"
                + "                  swap\n");
    synchronized (ipc) {
      for (ShmSegment one : ipc.segments.all()) {
        int key = one.removed ? 0 : one.key;
        int mode = one.removed ? one.mode | IpcControl.SHM_DEST : one.mode;
        text.append(line("%10d %10d  %4o %21d", key, one.id, mode, one.bytes))
            .append(line(" %5d %5d  %5d", one.creatorPid, one.lastPid, one.attached()))
            .append(owners(one))
            .append(line(" %10d %10d", one.attachSeconds, one.detachSeconds))
            .append(line(" %10d %21d %21d%n", one.changeSeconds, one.residentPages() * PAGE, 0));
      }
    }
    return text.toString();
  }

  /** /proc/sysvipc/msg. */
  public String queues() {
    StringBuilder text =
        new StringBuilder(
            "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid"
                + "  cuid  cgid      stime      rtime      ctime\n");
    synchronized (ipc) {
      for (MessageQueue one : ipc.queues.all()) {
        text.append(line("%10d %10d  %4o  %10d", one.key, one.id, one.mode, one.bytes))
            .append(line(" %10d %5d %5d", one.messages.size(), one.lastSender, one.lastReceiver))
            .append(owners(one))
            .append(line(" %10d %10d", one.sendSeconds, one.receiveSeconds))
            .append(line(" %10d%n", one.changeSeconds));
      }
    }
    return text.toString();
  }

  private static String owners(IpcObject one) {
    return line(" %5d %5d %5d %5d", one.uid, one.gid, one.creatorUid, one.creatorGid);
  }
}
