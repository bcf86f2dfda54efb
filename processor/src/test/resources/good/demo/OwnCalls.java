package demo;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

/** Calls of our own, and one whose arguments x86-64 passes in another order. */
public final class OwnCalls {
  private OwnCalls() {}

  /** A class inside a class, which has an index of its own. */
  public static final class Inner {
    private Inner() {}

    @SyscallDefine(nr = 1535, name = "last_own")
    public static long lastOwn(Task task, short small, int medium, long large) {
      return 0;
    }
  }

  @SyscallDefine(nr = 1024, name = "greet", support = Support.STUB)
  public static long greet(
      Task task,
      @CString long who,
      @Flags(value = "at_flags", supported = {"AT_EMPTY_PATH", "AT_SYMLINK_FOLLOW"}) int flags,
      @UserPtr(access = Access.OUT, length = "*lengthAt") long answer,
      @UserPtr(access = Access.IN_OUT, length = "4") long lengthAt,
      @Pid int pid) {
    return 0;
  }

  @SyscallDefine(nr = 220, name = "clone")
  public static long clone(
      Task task, @Flags("clone") long flags, long newsp, long parent, long tls, long child) {
    return 0;
  }
}
