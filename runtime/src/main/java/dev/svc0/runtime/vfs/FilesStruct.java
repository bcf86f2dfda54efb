package dev.svc0.runtime.vfs;

import org.jspecify.annotations.Nullable;

/** A table of file descriptors, shared by threads (CLONE_FILES). <i>Linux:</i> {@code files_struct}. */
public final class FilesStruct {
  /** The file of a descriptor, or null. No reference is taken. <i>Linux:</i> fdget. */
  public @Nullable File lookup(int fd) {
    throw new UnsupportedOperationException();
  }

  /** Puts a file at the lowest free descriptor from {@code from} on; −EMFILE above the limit. */
  public int install(File file, int from, boolean closeOnExec, long limit) {
    throw new UnsupportedOperationException();
  }

  /** Puts a file at a descriptor; what was there is returned for the caller to close. */
  public @Nullable File replace(int fd, File file, boolean closeOnExec) {
    throw new UnsupportedOperationException();
  }

  /** Takes the file of a descriptor out; null when there is none. */
  public @Nullable File remove(int fd) {
    throw new UnsupportedOperationException();
  }

  /** Whether a descriptor closes on execve. */
  public boolean closeOnExec(int fd) {
    throw new UnsupportedOperationException();
  }

  /** Sets whether it does. */
  public void setCloseOnExec(int fd, boolean value) {
    throw new UnsupportedOperationException();
  }

  /** A copy for a child: the same files, counted once more. */
  public FilesStruct copy() {
    throw new UnsupportedOperationException();
  }

  /** Closes what closes on execve. */
  public void closeOnExecAll(Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** Closes everything: the last thread is gone. */
  public void closeAll(Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** One more user of the table. */
  public FilesStruct retain() {
    throw new UnsupportedOperationException();
  }

  /** One user less; the last one closes everything. */
  public void release(Caller caller) {
    throw new UnsupportedOperationException();
  }
}
