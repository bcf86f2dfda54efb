// Generated from the handlers of demo.FileCalls.
package dev.svc0.generated.index;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.annotation.index.SyscallIndex;

/**
 * Tells tables compiled later which system calls demo.FileCalls handles.
 */
@SyscallIndex(
    handlers = "demo.FileCalls",
    calls = {
        @SyscallIndex.Call(nr = 56, name = "openat", method = "openat", support = Support.PARTIAL, note = "no \"O_PATH\"", since = "", errors = {}, restart = Restart.NEVER, parameters = {@SyscallIndex.Parameter(name = "dfd", type = "int", role = RoleKind.FD), @SyscallIndex.Parameter(name = "filename", type = "long", role = RoleKind.C_STRING), @SyscallIndex.Parameter(name = "flags", type = "int", role = RoleKind.FLAGS, of = "open_flags"), @SyscallIndex.Parameter(name = "mode", type = "int", role = RoleKind.MODE)}),
        @SyscallIndex.Call(nr = 64, name = "write", method = "write", support = Support.FULL, note = "", since = "", errors = {"EBADF", "EFAULT"}, restart = Restart.IF_SA_RESTART, parameters = {@SyscallIndex.Parameter(name = "fd", type = "int", role = RoleKind.FD), @SyscallIndex.Parameter(name = "buf", type = "long", role = RoleKind.USER_PTR, access = UserPtr.Access.IN, length = "count", count = ""), @SyscallIndex.Parameter(name = "count", type = "long", role = RoleKind.SIZE)}),
        @SyscallIndex.Call(nr = 70, name = "pwritev", method = "pwritev", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {@SyscallIndex.Parameter(name = "fd", type = "int", role = RoleKind.FD), @SyscallIndex.Parameter(name = "vec", type = "long", role = RoleKind.USER_PTR, of = "iovec", access = UserPtr.Access.IN, length = "", count = "vlen"), @SyscallIndex.Parameter(name = "vlen", type = "long", role = RoleKind.SIZE), @SyscallIndex.Parameter(name = "pos", type = "long", role = RoleKind.OFFSET)}),
        @SyscallIndex.Call(nr = 80, name = "fstat", method = "fstat", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {@SyscallIndex.Parameter(name = "fd", type = "int", role = RoleKind.FD), @SyscallIndex.Parameter(name = "statbuf", type = "long", role = RoleKind.USER_PTR, of = "stat", access = UserPtr.Access.OUT, length = "", count = "")}),
        @SyscallIndex.Call(nr = 172, name = "getpid", method = "getpid", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {})
    }
)
public final class demo_FileCalls {
  private demo_FileCalls() {
  }
}
