// Generated from the handlers of demo.OwnCalls.
package dev.svc0.generated.index;

import demo.OwnCalls;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.LengthKind;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.annotation.index.SyscallIndex;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.syscall.ArgumentRole;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallModule;
import dev.svc0.runtime.task.Task;
import java.util.ArrayList;
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
  @Override
  public List<SyscallInfo> describe() {
    List<SyscallInfo> rows = new ArrayList<>(2);
    rowsFrom220(rows);
    return List.copyOf(rows);
  }

  private static void rowsFrom220(List<SyscallInfo> rows) {
    rows.add(new SyscallInfo(220, "clone", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.OwnCalls.clone",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("clone_flags", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.FLAGS, "clone")),
        SyscallInfo.Argument.of("newsp", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("parent_tidptr", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("tls", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("child_tidptr", "int __user *", AbiKind.PTR))));
    rows.add(new SyscallInfo(1024, "greet", SyscallInfo.Origin.OWN, Support.STUB,
        "", "",
        "demo.OwnCalls.greet",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("who", "const char __user *", AbiKind.PTR, ArgumentRole.of(RoleKind.C_STRING)),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32, ArgumentRole.of(RoleKind.FLAGS, "at_flags")),
        SyscallInfo.Argument.of("answer", "void __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.OUT, "", ArgumentRole.Length.of(LengthKind.POINTED_TO, 3), ArgumentRole.Length.NONE)),
        SyscallInfo.Argument.of("lengthAt", "void __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.IN_OUT, "", ArgumentRole.Length.of(LengthKind.CONSTANT, 4), ArgumentRole.Length.NONE)),
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32, ArgumentRole.of(RoleKind.PID)))));
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
