package dev.svc0.fs.jbd2;

import dev.svc0.runtime.buffer.BufferHead;

/**
 * What a file system does to a copy of a buffer before it goes to the log. <i>Linux:</i> {@code
 * jbd2_buffer_trigger_type}.
 */
public interface BufferTriggers {
  /**
   * The content that the log will get is fixed now: checksums are computed on it.
   *
   * @param data host address of the content: the frozen copy, or the buffer's own memory
   */
  void frozen(BufferHead buffer, long data, int bytes);

  /** The journal was aborted before the buffer was written. */
  default void abort(BufferHead buffer) {}
}
