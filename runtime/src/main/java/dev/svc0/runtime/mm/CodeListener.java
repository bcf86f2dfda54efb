package dev.svc0.runtime.mm;

/** Hears when guest code may have changed, so that nothing decoded or translated from it survives. */
public interface CodeListener {
  /** Guest addresses in [start, end) were unmapped, remapped, re-protected, or changed in place. */
  void codeChanged(long start, long end);
}
