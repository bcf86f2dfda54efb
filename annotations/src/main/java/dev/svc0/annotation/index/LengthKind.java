package dev.svc0.annotation.index;

/** The ways to say how long, or how many, the data behind a user pointer is. */
public enum LengthKind {
  /** Not said. */
  NONE,
  /** A constant. */
  CONSTANT,
  /** The value of an argument. */
  ARGUMENT,
  /** The 32-bit value that a pointer argument points to. */
  POINTED_TO,
  /** The result of the call. */
  RESULT
}
