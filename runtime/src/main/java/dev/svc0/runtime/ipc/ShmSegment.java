package dev.svc0.runtime.ipc;

import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.mm.VmMapping;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;

/** Memory that processes attach. <i>Linux:</i> {@code shmid_kernel}. */
final class ShmSegment extends IpcObject implements VmBacking {
  final long bytes;
  final int creatorPid;
  private final IpcNamespace ipc;
  private final File file;
  private final VmBacking memory;
  private int attached;
  volatile int lastPid;
  volatile long attachSeconds;
  volatile long detachSeconds;
  volatile long changeSeconds = System.currentTimeMillis() / 1000;

  ShmSegment(
      IpcNamespace ipc,
      int id,
      int key,
      int mode,
      Cred cred,
      long bytes,
      int pid,
      File file,
      VmBacking memory) {
    super(id, key, mode, cred);
    this.ipc = ipc;
    this.bytes = bytes;
    this.creatorPid = pid;
    this.file = file;
    this.memory = memory;
  }

  /** How many mappings show it. */
  synchronized int attached() {
    return attached;
  }

  /** Pages that have been touched. */
  long residentPages() {
    return file.inode().mapping().pages();
  }

  @Override
  public long fault(long pageIndex) {
    return memory.fault(pageIndex);
  }

  @Override
  public long pageMkwrite(long pageIndex) {
    return memory.pageMkwrite(pageIndex);
  }

  @Override
  public void unpin(long pageIndex) {
    memory.unpin(pageIndex);
  }

  @Override
  public void attach(VmMapping mapping) {
    synchronized (this) {
      attached++;
    }
    attachSeconds = System.currentTimeMillis() / 1000;
    memory.attach(mapping);
  }

  @Override
  public void detach(VmMapping mapping) {
    memory.detach(mapping);
    detachSeconds = System.currentTimeMillis() / 1000;
    boolean last;
    synchronized (this) {
      attached--;
      last = attached == 0 && removed;
    }
    if (last) {
      ipc.forget(this);
      file.put();
    }
  }

  /** IPC_RMID: it goes with its last mapping. */
  void remove() {
    ipc.forgetKey(this);
    boolean unused;
    synchronized (this) {
      removed = true;
      unused = attached == 0;
    }
    if (unused) {
      ipc.forget(this);
      file.put();
    }
  }

  @Override
  public String mapsName() {
    return String.format("/SYSV%08x (deleted)", key);
  }

  @Override
  public int mapCount(long pageIndex) {
    return memory.mapCount(pageIndex);
  }

  @Override
  public boolean inMemory() {
    return true;
  }

  @Override
  public long mapsDevice() {
    return memory.mapsDevice();
  }

  @Override
  public long mapsInode() {
    return id;
  }
}
