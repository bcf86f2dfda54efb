package dev.svc0.arm64.decode;

/** Operations of pre-decoded instructions: what the interpreter's switch runs over. */
public final class Op {
  /** Not decoded yet. */
  public static final int DECODE = 0;

  /** Past the end of a page. */
  public static final int NEXT_PAGE = 1;

  private Op() {}
}
