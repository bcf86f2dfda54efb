// Generated from the handlers of demo.OwnCalls.Inner.
package dev.svc0.generated.index;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.annotation.index.SyscallIndex;

/**
 * Tells tables compiled later which system calls demo.OwnCalls.Inner handles.
 */
@SyscallIndex(
    handlers = "demo.OwnCalls.Inner",
    calls = @SyscallIndex.Call(nr = 1535, name = "last_own", method = "lastOwn", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {@SyscallIndex.Parameter(name = "small", type = "short", role = RoleKind.PLAIN), @SyscallIndex.Parameter(name = "medium", type = "int", role = RoleKind.PLAIN), @SyscallIndex.Parameter(name = "large", type = "long", role = RoleKind.PLAIN)})
)
public final class demo_OwnCalls_Inner {
  private demo_OwnCalls_Inner() {
  }
}
