package dev.svc0.arm64;

import dev.svc0.runtime.task.Task;

/** Tasks for tests of the tables. */
final class TestTasks {
  private TestTasks() {}

  /** One that no handler has touched. */
  static Task bare() {
    return new Task();
  }
}
