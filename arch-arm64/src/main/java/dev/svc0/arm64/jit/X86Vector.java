package dev.svc0.arm64.jit;

/** Floating point, Advanced SIMD, and what else has no operation of its own. */
final class X86Vector {
  private X86Vector() {}

  /**
   * Writes an instruction.
   *
   * @return false when it is not written here, and nothing was: the interpreter executes it
   */
  static boolean emit(X86Writer m, long d) {
    return false;
  }
}
