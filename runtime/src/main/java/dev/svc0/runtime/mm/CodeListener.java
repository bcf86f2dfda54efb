package dev.svc0.runtime.mm;

/**
 * Hears when guest code may have changed, so that nothing decoded or translated from it survives.
 */
public interface CodeListener {
  /**
   * Guest addresses in [start, end) were unmapped, remapped, re-protected, or changed in place.
   * Called with memory locks held, from any thread: must not block and not call the memory manager.
   */
  void codeChanged(long start, long end);
}
