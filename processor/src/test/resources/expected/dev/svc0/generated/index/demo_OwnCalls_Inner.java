// Generated from the handlers of demo.OwnCalls.Inner.
package dev.svc0.generated.index;

import demo.OwnCalls;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.annotation.index.SyscallIndex;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.syscall.InfoRows;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallModule;
import dev.svc0.runtime.task.Task;
import java.util.List;

/**
 * Tells tables compiled later which system calls demo.OwnCalls.Inner handles,
 * and lets tables compiled without them call them.
 */
@SyscallIndex(
    handlers = "demo.OwnCalls.Inner",
    calls = @SyscallIndex.Call(nr = 1535, name = "last_own", method = "lastOwn", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {
                @SyscallIndex.Parameter(name = "small", type = "short", role = RoleKind.PLAIN), 
                @SyscallIndex.Parameter(name = "medium", type = "int", role = RoleKind.PLAIN), 
                @SyscallIndex.Parameter(name = "large", type = "long", role = RoleKind.PLAIN)})
)
public final class demo_OwnCalls_Inner implements SyscallModule {
  /**
   * Number, name, origin, support, since, handler, errors, restart, note, arguments.
   */
  private static final String[] ROWS = {
    "1535\tlast_own\tOWN\tFULL\t\tdemo.OwnCalls.Inner.lastOwn\t\tNEVER\t\tsmall;int;I32\tmedium;int;I32\tlarge;long;I64",
  };

  @Override
  public List<SyscallInfo> describe() {
    return InfoRows.read(ROWS);
  }

  @Override
  public long call(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr >>> 6) {
      case 23 -> from1472(task, nr, x0, x1, x2, x3, x4, x5);
      default -> -Errno.ENOSYS;
    };
  }

  /**
   * Numbers 1472 to 1535.
   */
  private long from1472(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 1535 last_own(int small, int medium, long large)
      case 1535 -> OwnCalls.Inner.lastOwn(task, (short) x0, (int) x1, x2);
      default -> -Errno.ENOSYS;
    };
  }
}
