// Generated from the handlers of demo.OwnCalls.
package dev.svc0.generated.index;

import demo.OwnCalls;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.annotation.index.SyscallIndex;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.syscall.InfoRows;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallModule;
import dev.svc0.runtime.task.Task;
import java.util.List;

/**
 * Tells tables compiled later which system calls demo.OwnCalls handles,
 * and lets tables compiled without them call them.
 */
@SyscallIndex(
    handlers = "demo.OwnCalls",
    calls = {
        @SyscallIndex.Call(nr = 220, name = "clone", method = "clone", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {
                @SyscallIndex.Parameter(name = "flags", type = "long", role = RoleKind.FLAGS, of = "clone"), 
                @SyscallIndex.Parameter(name = "newsp", type = "long", role = RoleKind.PLAIN), 
                @SyscallIndex.Parameter(name = "parent", type = "long", role = RoleKind.PLAIN), 
                @SyscallIndex.Parameter(name = "tls", type = "long", role = RoleKind.PLAIN), 
                @SyscallIndex.Parameter(name = "child", type = "long", role = RoleKind.PLAIN)}),
        @SyscallIndex.Call(nr = 1024, name = "greet", method = "greet", support = Support.STUB, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {
                @SyscallIndex.Parameter(name = "who", type = "long", role = RoleKind.C_STRING), 
                @SyscallIndex.Parameter(name = "flags", type = "int", role = RoleKind.FLAGS, of = "at_flags", supported = {"AT_EMPTY_PATH", "AT_SYMLINK_FOLLOW"}), 
                @SyscallIndex.Parameter(name = "answer", type = "long", role = RoleKind.USER_PTR, access = UserPtr.Access.OUT, length = "*lengthAt", count = ""), 
                @SyscallIndex.Parameter(name = "lengthAt", type = "long", role = RoleKind.USER_PTR, access = UserPtr.Access.IN_OUT, length = "4", count = ""), 
                @SyscallIndex.Parameter(name = "pid", type = "int", role = RoleKind.PID)})
    }
)
public final class demo_OwnCalls implements SyscallModule {
  /**
   * Number, name, origin, support, since, handler, errors, restart, note, arguments.
   */
  private static final String[] ROWS = {
    "220\tclone\tKERNEL\tFULL\t1.0\tdemo.OwnCalls.clone\t\tNEVER\t\tclone_flags;unsigned long;U64;FLAGS;clone\tnewsp;unsigned long;U64\tparent_tidptr;int __user *;PTR\ttls;unsigned long;U64\tchild_tidptr;int __user *;PTR",
    "1024\tgreet\tOWN\tSTUB\t\tdemo.OwnCalls.greet\t\tNEVER\t\twho;const char __user *;PTR;C_STRING;\tflags;unsigned int;U32;FLAGS;at_flags\tanswer;void __user *;PTR;USER_PTR;;OUT;POINTED_TO 3;\tlengthAt;void __user *;PTR;USER_PTR;;IN_OUT;CONSTANT 4;\tpid;pid_t;I32;PID;",
  };

  @Override
  public List<SyscallInfo> describe() {
    return InfoRows.read(ROWS);
  }

  @Override
  public long call(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr >>> 6) {
      case 3 -> from192(task, nr, x0, x1, x2, x3, x4, x5);
      case 16 -> from1024(task, nr, x0, x1, x2, x3, x4, x5);
      default -> -Errno.ENOSYS;
    };
  }

  /**
   * Numbers 192 to 255.
   */
  private long from192(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 220 clone(unsigned long clone_flags, unsigned long newsp, int __user *parent_tidptr, unsigned long tls, int __user *child_tidptr)
      case 220 -> OwnCalls.clone(task, x0, x1, x2, x3, x4);
      default -> -Errno.ENOSYS;
    };
  }

  /**
   * Numbers 1024 to 1087.
   */
  private long from1024(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 1024 greet(const char __user *who, unsigned int flags, void __user *answer, void __user *lengthAt, pid_t pid)
      case 1024 -> ((int) x1 & 0xffffebff) != 0
          ? -Errno.EINVAL
          : OwnCalls.greet(task, x0, (int) x1, x2, x3, (int) x4);
      default -> -Errno.ENOSYS;
    };
  }
}
