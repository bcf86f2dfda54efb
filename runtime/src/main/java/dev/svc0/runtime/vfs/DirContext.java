package dev.svc0.runtime.vfs;

/** Where a directory's entries go while it is read. <i>Linux:</i> {@code dir_context}. */
public abstract class DirContext {
  /** Position of the next entry, opaque to all but the file system. */
  public long position;

  /**
   * Takes one entry.
   *
   * @param name one character a byte
   * @param nextPosition where reading goes on after this entry
   * @param type DT_ value
   * @return false when there is no room: stop, and give this entry again next time
   */
  public abstract boolean emit(String name, long nextPosition, long inodeNumber, int type);
}
