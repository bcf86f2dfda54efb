package dev.svc0.arm64;

import dev.svc0.runtime.task.SyscallCounts;
import dev.svc0.runtime.task.Task;
import java.lang.reflect.Field;
import sun.misc.Unsafe;

/** Tasks without a program, for calls that use nothing of theirs. */
final class TestTasks {
  private TestTasks() {}

  /** One that can be counted for and nothing else. */
  static Task bare() {
    try {
      Field unsafe = Unsafe.class.getDeclaredField("theUnsafe");
      unsafe.setAccessible(true);
      Task task = (Task) ((Unsafe) unsafe.get(null)).allocateInstance(Task.class);
      Field counts = Task.class.getDeclaredField("syscalls");
      counts.setAccessible(true);
      counts.set(task, new SyscallCounts());
      return task;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
