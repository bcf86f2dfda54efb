package dev.svc0.runtime.syscall;

import static dev.svc0.runtime.abi.Errno.EPERM;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.task.Task;

/** Handlers of our own for tests of dispatch, numbered from the end of the range. */
public final class TestCalls {
  /** Sees every argument as its Java type. */
  static long @org.jspecify.annotations.Nullable [] seen;

  private TestCalls() {}

  /** Keeps its arguments. */
  @SyscallDefine(nr = 1530, name = "test_narrow")
  public static long narrow(Task task, @Fd int fd, short small, @Mode int mode, long all) {
    seen = new long[] {fd, small, mode, all};
    return 7;
  }

  /** Fails as its argument says. */
  @SyscallDefine(nr = 1531, name = "test_fail")
  public static long fail(Task task, int how) {
    return switch (how) {
      case 0 -> throw UserFault.INSTANCE;
      case 1 -> throw new IllegalStateException("a bug");
      case 2 -> throw new OutOfMemoryError("no room");
      case 3 -> throw new StackOverflowError();
      default -> -EPERM;
    };
  }

  /** Takes two flags and no other. */
  @SyscallDefine(nr = 1532, name = "test_flags")
  public static long flags(
      Task task, @Flags(value = "close_range", supported = "CLOSE_RANGE_CLOEXEC") int flags) {
    return flags;
  }

  /** Answers a number that means nothing. */
  @SyscallDefine(nr = 1533, name = "test_pid")
  public static long pid(Task task, @Pid int pid, @CString long name) {
    return pid;
  }
}
