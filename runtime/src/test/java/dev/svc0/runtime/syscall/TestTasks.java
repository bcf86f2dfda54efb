package dev.svc0.runtime.syscall;

import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.task.SyscallCounts;
import dev.svc0.runtime.task.Task;
import java.lang.reflect.Field;
import sun.misc.Unsafe;

/** Tasks without a program, for handlers and decoders that use nothing else of theirs. */
public final class TestTasks {
  private TestTasks() {}

  /** One that can be counted for and nothing else. */
  public static Task bare() {
    try {
      Field unsafe = Unsafe.class.getDeclaredField("theUnsafe");
      unsafe.setAccessible(true);
      Task task = (Task) ((Unsafe) unsafe.get(null)).allocateInstance(Task.class);
      set(task, "syscalls", new SyscallCounts());
      return task;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that has memory as well. */
  public static Task withMemory(MemoryManager memory) {
    Task task = bare();
    try {
      set(task, "mm", memory);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return task;
  }

  private static void set(Task task, String name, Object value)
      throws ReflectiveOperationException {
    Field field = Task.class.getDeclaredField(name);
    field.setAccessible(true);
    field.set(task, value);
  }
}
