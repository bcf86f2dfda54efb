package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Signals;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who is sent a signal when something happens to what several files are open on: O_ASYNC.
 * <i>Linux:</i> {@code fasync_struct}, fs/fcntl.c.
 */
@Traced(layer = Traced.Layer.VFS)
public final class FasyncList {
  private record Entry(File file, Caller caller) {}

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /**
   * Adds or removes a file, and notes that in its flags. The thread that adds it is the one that
   * gets the signals, while its process owns the file (F_SETOWN). <i>Linux:</i> fasync_helper.
   */
  public void set(File file, boolean on, Caller caller) {
    remove(file);
    if (on) {
      entries.add(new Entry(file, caller));
    }
    file.flags = on ? file.flags | Fcntl.FASYNC : file.flags & ~Fcntl.FASYNC;
  }

  /** A file is closed. */
  public void remove(File file) {
    entries.removeIf(entry -> entry.file == file);
  }

  /** Sends everybody SIGIO, or what F_SETSIG says. */
  @Traced("kill_fasync")
  public void kill() {
    for (Entry entry : entries) {
      File file = entry.file;
      if (file.owner == entry.caller.pid()) {
        entry.caller.sendSignal(file.ownerSignal == 0 ? Signals.SIGIO : file.ownerSignal);
      }
    }
  }
}
