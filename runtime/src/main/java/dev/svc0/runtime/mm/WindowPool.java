package dev.svc0.runtime.mm;

import java.util.ArrayDeque;

/** Windows of processes that are gone, clean, for processes to come. Thread-safe. */
final class WindowPool {
  private static final int KEEP = 8;

  private final ArrayDeque<Window> clean = new ArrayDeque<>();
  private boolean closed;

  /**
   * A window that reads as zero everywhere.
   *
   * @throws OutOfMemoryError when the host has no address space left
   */
  Window take() {
    synchronized (this) {
      Window window = clean.poll();
      if (window != null) {
        return window;
      }
    }
    return new Window();
  }

  /** Takes a window back. */
  void give(Window window) {
    boolean keep;
    synchronized (this) {
      keep = !closed && clean.size() < KEEP;
    }
    if (!keep || !window.clear()) {
      window.release();
      return;
    }
    synchronized (this) {
      if (!closed) {
        clean.push(window);
        return;
      }
    }
    window.release();
  }

  synchronized void close() {
    closed = true;
    clean.forEach(Window::release);
    clean.clear();
  }
}
