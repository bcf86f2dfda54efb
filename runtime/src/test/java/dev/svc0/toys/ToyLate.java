package dev.svc0.toys;

import dev.svc0.annotation.Traced;

/** Not loaded before the test that needs it. */
public final class ToyLate {
  private ToyLate() {}

  @Traced("toy_late")
  public static void late() {}
}
