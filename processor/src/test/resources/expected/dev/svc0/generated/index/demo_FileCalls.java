// Generated from the handlers of demo.FileCalls.
package dev.svc0.generated.index;

import demo.FileCalls;
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
 * Tells tables compiled later which system calls demo.FileCalls handles,
 * and lets tables compiled without them call them.
 */
@SyscallIndex(
    handlers = "demo.FileCalls",
    calls = {
        @SyscallIndex.Call(nr = 56, name = "openat", method = "openat", support = Support.PARTIAL, note = "no \"O_PATH\"", since = "", errors = {}, restart = Restart.NEVER, parameters = {
                @SyscallIndex.Parameter(name = "dfd", type = "int", role = RoleKind.FD), 
                @SyscallIndex.Parameter(name = "filename", type = "long", role = RoleKind.C_STRING), 
                @SyscallIndex.Parameter(name = "flags", type = "int", role = RoleKind.FLAGS, of = "open_flags"), 
                @SyscallIndex.Parameter(name = "mode", type = "int", role = RoleKind.MODE)}),
        @SyscallIndex.Call(nr = 64, name = "write", method = "write", support = Support.FULL, note = "", since = "", errors = {"EBADF", "EFAULT"}, restart = Restart.IF_SA_RESTART, parameters = {
                @SyscallIndex.Parameter(name = "fd", type = "int", role = RoleKind.FD), 
                @SyscallIndex.Parameter(name = "buf", type = "long", role = RoleKind.USER_PTR, access = UserPtr.Access.IN, length = "count", count = ""), 
                @SyscallIndex.Parameter(name = "count", type = "long", role = RoleKind.SIZE)}),
        @SyscallIndex.Call(nr = 70, name = "pwritev", method = "pwritev", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {
                @SyscallIndex.Parameter(name = "fd", type = "int", role = RoleKind.FD), 
                @SyscallIndex.Parameter(name = "vec", type = "long", role = RoleKind.USER_PTR, of = "iovec", access = UserPtr.Access.IN, length = "", count = "vlen"), 
                @SyscallIndex.Parameter(name = "vlen", type = "long", role = RoleKind.SIZE), 
                @SyscallIndex.Parameter(name = "pos", type = "long", role = RoleKind.OFFSET)}),
        @SyscallIndex.Call(nr = 80, name = "fstat", method = "fstat", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {
                @SyscallIndex.Parameter(name = "fd", type = "int", role = RoleKind.FD), 
                @SyscallIndex.Parameter(name = "statbuf", type = "long", role = RoleKind.USER_PTR, of = "stat", access = UserPtr.Access.OUT, length = "", count = "")}),
        @SyscallIndex.Call(nr = 172, name = "getpid", method = "getpid", support = Support.FULL, note = "", since = "", errors = {}, restart = Restart.NEVER, parameters = {})
    }
)
public final class demo_FileCalls implements SyscallModule {
  @Override
  public List<SyscallInfo> describe() {
    List<SyscallInfo> rows = new ArrayList<>(5);
    rowsFrom56(rows);
    return List.copyOf(rows);
  }

  private static void rowsFrom56(List<SyscallInfo> rows) {
    rows.add(new SyscallInfo(56, "openat", SyscallInfo.Origin.KERNEL, Support.PARTIAL,
        "no \"O_PATH\"", "2.6.16",
        "demo.FileCalls.openat",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR, ArgumentRole.of(RoleKind.C_STRING)),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32, ArgumentRole.of(RoleKind.FLAGS, "open_flags")),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16, ArgumentRole.of(RoleKind.MODE)))));
    rows.add(new SyscallInfo(64, "write", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.FileCalls.write",
        List.of("EBADF", "EFAULT"), Restart.IF_SA_RESTART, List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("buf", "const char __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.IN, "", ArgumentRole.Length.of(LengthKind.ARGUMENT, 2), ArgumentRole.Length.NONE)),
        SyscallInfo.Argument.of("count", "size_t", AbiKind.U64, ArgumentRole.of(RoleKind.SIZE)))));
    rows.add(new SyscallInfo(70, "pwritev", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "2.6.30",
        "demo.FileCalls.pwritev",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.IN, "struct iovec", ArgumentRole.Length.NONE, ArgumentRole.Length.of(LengthKind.ARGUMENT, 2))),
        SyscallInfo.Argument.of("vlen", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.SIZE)),
        SyscallInfo.Argument.of("pos_l", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.OFFSET)),
        SyscallInfo.Argument.of("pos_h", "unsigned long", AbiKind.U64))));
    rows.add(new SyscallInfo(80, "fstat", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.FileCalls.fstat",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("statbuf", "struct stat __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.OUT, "struct stat", ArgumentRole.Length.NONE, ArgumentRole.Length.NONE)))));
    rows.add(new SyscallInfo(172, "getpid", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.FileCalls.getpid",
        List.of(), Restart.NEVER, List.of()));
  }

  @Override
  public long call(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr >>> 6) {
      case 0 -> from0(task, nr, x0, x1, x2, x3, x4, x5);
      case 1 -> from64(task, nr, x0, x1, x2, x3, x4, x5);
      case 2 -> from128(task, nr, x0, x1, x2, x3, x4, x5);
      default -> -Errno.ENOSYS;
    };
  }

  /**
   * Numbers 0 to 63.
   */
  private long from0(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 56 openat(int dfd, const char __user *filename, int flags, umode_t mode)
      case 56 -> FileCalls.openat(task, (int) x0, x1, (int) x2, (int) x3 & 0xffff);
      default -> -Errno.ENOSYS;
    };
  }

  /**
   * Numbers 64 to 127.
   */
  private long from64(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 64 write(unsigned int fd, const char __user *buf, size_t count)
      case 64 -> FileCalls.write(task, (int) x0, x1, x2);
      // 70 pwritev(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h)
      case 70 -> FileCalls.pwritev(task, (int) x0, x1, x2, x3);
      // 80 fstat(unsigned int fd, struct stat __user *statbuf)
      case 80 -> FileCalls.fstat(task, (int) x0, x1);
      default -> -Errno.ENOSYS;
    };
  }

  /**
   * Numbers 128 to 191.
   */
  private long from128(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 172 getpid()
      case 172 -> FileCalls.getpid(task);
      default -> -Errno.ENOSYS;
    };
  }
}
