// Generated from the handlers of demo.FileCalls.
package dev.svc0.generated.index;

import demo.FileCalls;
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
  /**
   * Number, name, origin, support, since, handler, errors, restart, note, arguments.
   */
  private static final String[] ROWS = {
    "56\topenat\tKERNEL\tPARTIAL\t2.6.16\tdemo.FileCalls.openat\t\tNEVER\tno \"O_PATH\"\tdfd;int;I32;FD;\tfilename;const char __user *;PTR;C_STRING;\tflags;int;I32;FLAGS;open_flags\tmode;umode_t;U16;MODE;",
    "64\twrite\tKERNEL\tFULL\t1.0\tdemo.FileCalls.write\tEBADF EFAULT\tIF_SA_RESTART\t\tfd;unsigned int;U32;FD;\tbuf;const char __user *;PTR;USER_PTR;;IN;ARGUMENT 2;\tcount;size_t;U64;SIZE;",
    "70\tpwritev\tKERNEL\tFULL\t2.6.30\tdemo.FileCalls.pwritev\t\tNEVER\t\tfd;unsigned long;U64;FD;\tvec;const struct iovec __user *;PTR;USER_PTR;struct iovec;IN;;ARGUMENT 2\tvlen;unsigned long;U64;SIZE;\tpos_l;unsigned long;U64;OFFSET;\tpos_h;unsigned long;U64",
    "80\tfstat\tKERNEL\tFULL\t1.0\tdemo.FileCalls.fstat\t\tNEVER\t\tfd;unsigned int;U32;FD;\tstatbuf;struct stat __user *;PTR;USER_PTR;struct stat;OUT;;",
    "172\tgetpid\tKERNEL\tFULL\t1.0\tdemo.FileCalls.getpid\t\tNEVER\t",
  };

  @Override
  public List<SyscallInfo> describe() {
    return InfoRows.read(ROWS);
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
