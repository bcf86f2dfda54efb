// Generated from the handlers of demo.OwnCalls.
package dev.svc0.generated.index;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.annotation.index.SyscallIndex;

/**
 * Tells tables compiled later which system calls demo.OwnCalls handles.
 */
@SyscallIndex(
    handlers = "demo.OwnCalls",
    calls = {
        @SyscallIndex.Call(nr = 220, name = "clone", method = "clone", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {@SyscallIndex.Parameter(name = "flags", type = "long", role = RoleKind.FLAGS, of = "clone"), @SyscallIndex.Parameter(name = "newsp", type = "long", role = RoleKind.PLAIN), @SyscallIndex.Parameter(name = "parent", type = "long", role = RoleKind.PLAIN), @SyscallIndex.Parameter(name = "tls", type = "long", role = RoleKind.PLAIN), @SyscallIndex.Parameter(name = "child", type = "long", role = RoleKind.PLAIN)}),
        @SyscallIndex.Call(nr = 1024, name = "greet", method = "greet", support = Support.STUB, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {@SyscallIndex.Parameter(name = "who", type = "long", role = RoleKind.C_STRING), @SyscallIndex.Parameter(name = "flags", type = "int", role = RoleKind.FLAGS, of = "at_flags", supported = {"AT_EMPTY_PATH", "AT_SYMLINK_FOLLOW"}), @SyscallIndex.Parameter(name = "answer", type = "long", role = RoleKind.USER_PTR, access = UserPtr.Access.OUT, length = "*lengthAt", count = ""), @SyscallIndex.Parameter(name = "lengthAt", type = "long", role = RoleKind.USER_PTR, access = UserPtr.Access.IN_OUT, length = "4", count = ""), @SyscallIndex.Parameter(name = "pid", type = "int", role = RoleKind.PID)})
    }
)
public final class demo_OwnCalls {
  private demo_OwnCalls() {
  }
}
