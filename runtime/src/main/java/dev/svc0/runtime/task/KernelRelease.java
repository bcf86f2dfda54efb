package dev.svc0.runtime.task;

/** What this kernel calls itself. */
public final class KernelRelease {
  /** The kernel whose calls these are. */
  public static final String RELEASE = "6.12.117-svc0";

  /** The build, as uname(2) shows it. */
  public static final String VERSION = "#1 SMP svc0";

  private KernelRelease() {}
}
