package dev.svc0.runtime.abi;

/** Stands for the generated constants. */
public final class Errno {
  public static final int EINVAL = 22;
  public static final int ENOSYS = 38;

  private Errno() {}
}
