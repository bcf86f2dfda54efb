package dev.svc0.annotation;

/** How much of a system call's contract a handler keeps. */
public enum Support {
  /** Everything a program can observe, except what the note says. */
  FULL,
  /** What programs commonly use; the note names what is missing. */
  PARTIAL,
  /** Accepted and without effect. */
  STUB,
  /** Known and refused with the errno the note gives. */
  NONE
}
