// Generated from the pinned x86_64 table of Linux 6.12 and 8 handlers.
package demo;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.LengthKind;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.runtime.syscall.ArgumentRole;
import dev.svc0.runtime.syscall.SyscallInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known about each x86_64 call.
 */
final class DemoTableX86Info {
  private DemoTableX86Info() {
  }

  /**
   * Every call in order of number.
   */
  static List<SyscallInfo> rows() {
    List<SyscallInfo> rows = new ArrayList<>(388);
    rowsFrom0(rows);
    rowsFrom24(rows);
    rowsFrom48(rows);
    rowsFrom72(rows);
    rowsFrom96(rows);
    rowsFrom120(rows);
    rowsFrom144(rows);
    rowsFrom168(rows);
    rowsFrom192(rows);
    rowsFrom216(rows);
    rowsFrom240(rows);
    rowsFrom264(rows);
    rowsFrom288(rows);
    rowsFrom312(rows);
    rowsFrom336(rows);
    rowsFrom447(rows);
    rowsFrom471(rows);
    return List.copyOf(rows);
  }

  private static void rowsFrom0(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(0, "read", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("buf", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("count", "size_t", AbiKind.U64))));
    rows.add(new SyscallInfo(1, "write", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.FileCalls.write",
        List.of("EBADF", "EFAULT"), Restart.IF_SA_RESTART, List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("buf", "const char __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.IN, "", ArgumentRole.Length.of(LengthKind.ARGUMENT, 2), ArgumentRole.Length.NONE)),
        SyscallInfo.Argument.of("count", "size_t", AbiKind.U64, ArgumentRole.of(RoleKind.SIZE)))));
    rows.add(SyscallInfo.withoutHandler(2, "open", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(3, "close", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(4, "stat", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(new SyscallInfo(5, "fstat", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.FileCalls.fstat",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("statbuf", "struct stat __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.OUT, "struct stat", ArgumentRole.Length.NONE, ArgumentRole.Length.NONE)))));
    rows.add(SyscallInfo.withoutHandler(6, "lstat", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(7, "poll", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(8, "lseek", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("offset", "off_t", AbiKind.I64),
        SyscallInfo.Argument.of("whence", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(9, "mmap", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("addr", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("prot", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("off", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(10, "mprotect", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("prot", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(11, "munmap", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("addr", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(12, "brk", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("brk", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(13, "rt_sigaction", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("sig", "int", AbiKind.I32),
        SyscallInfo.Argument.of("act", "const struct sigaction __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("oact", "struct sigaction __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(14, "rt_sigprocmask", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("how", "int", AbiKind.I32),
        SyscallInfo.Argument.of("nset", "sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("oset", "sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(15, "rt_sigreturn", SyscallInfo.Origin.KERNEL, "2.2", List.of()));
    rows.add(SyscallInfo.withoutHandler(16, "ioctl", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("cmd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("arg", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(17, "pread64", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("buf", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("count", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("pos", "loff_t", AbiKind.I64))));
    rows.add(SyscallInfo.withoutHandler(18, "pwrite64", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("buf", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("count", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("pos", "loff_t", AbiKind.I64))));
    rows.add(SyscallInfo.withoutHandler(19, "readv", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(20, "writev", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(21, "access", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(22, "pipe", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(23, "select", SyscallInfo.Origin.KERNEL, "", List.of()));
  }

  private static void rowsFrom24(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(24, "sched_yield", SyscallInfo.Origin.KERNEL, "2.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(25, "mremap", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("addr", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("old_len", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("new_len", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("new_addr", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(26, "msync", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(27, "mincore", SyscallInfo.Origin.KERNEL, "2.4", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("vec", "unsigned char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(28, "madvise", SyscallInfo.Origin.KERNEL, "2.4", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len_in", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("behavior", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(29, "shmget", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("key", "key_t", AbiKind.I32),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("shmflg", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(30, "shmat", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("shmid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("shmaddr", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("shmflg", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(31, "shmctl", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("shmid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("cmd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("buf", "struct shmid_ds __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(32, "dup", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fildes", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(33, "dup2", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(34, "pause", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(35, "nanosleep", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("rqtp", "struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("rmtp", "struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(36, "getitimer", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("which", "int", AbiKind.I32),
        SyscallInfo.Argument.of("value", "struct __kernel_old_itimerval __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(37, "alarm", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(38, "setitimer", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("which", "int", AbiKind.I32),
        SyscallInfo.Argument.of("value", "struct __kernel_old_itimerval __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("ovalue", "struct __kernel_old_itimerval __user *", AbiKind.PTR))));
    rows.add(new SyscallInfo(39, "getpid", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.FileCalls.getpid",
        List.of(), Restart.NEVER, List.of()));
    rows.add(SyscallInfo.withoutHandler(40, "sendfile", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("out_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("in_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("offset", "loff_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("count", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(41, "socket", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("family", "int", AbiKind.I32),
        SyscallInfo.Argument.of("type", "int", AbiKind.I32),
        SyscallInfo.Argument.of("protocol", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(42, "connect", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("uservaddr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("addrlen", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(43, "accept", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("upeer_sockaddr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("upeer_addrlen", "int __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(44, "sendto", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("buff", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("addr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("addr_len", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(45, "recvfrom", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("ubuf", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("addr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("addr_len", "int __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(46, "sendmsg", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("msg", "struct user_msghdr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(47, "recvmsg", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("msg", "struct user_msghdr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
  }

  private static void rowsFrom48(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(48, "shutdown", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("how", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(49, "bind", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("umyaddr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("addrlen", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(50, "listen", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("backlog", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(51, "getsockname", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("usockaddr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usockaddr_len", "int __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(52, "getpeername", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("usockaddr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usockaddr_len", "int __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(53, "socketpair", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("family", "int", AbiKind.I32),
        SyscallInfo.Argument.of("type", "int", AbiKind.I32),
        SyscallInfo.Argument.of("protocol", "int", AbiKind.I32),
        SyscallInfo.Argument.of("usockvec", "int __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(54, "setsockopt", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("level", "int", AbiKind.I32),
        SyscallInfo.Argument.of("optname", "int", AbiKind.I32),
        SyscallInfo.Argument.of("optval", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("optlen", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(55, "getsockopt", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("level", "int", AbiKind.I32),
        SyscallInfo.Argument.of("optname", "int", AbiKind.I32),
        SyscallInfo.Argument.of("optval", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("optlen", "int __user *", AbiKind.PTR))));
    rows.add(new SyscallInfo(56, "clone", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "1.0",
        "demo.OwnCalls.clone",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("clone_flags", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.FLAGS, "clone")),
        SyscallInfo.Argument.of("newsp", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("parent_tidptr", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("child_tidptr", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("tls", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(57, "fork", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(58, "vfork", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(59, "execve", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("argv", "const char __user * const __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("envp", "const char __user * const __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(60, "exit", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("error_code", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(61, "wait4", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("upid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("stat_addr", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("options", "int", AbiKind.I32),
        SyscallInfo.Argument.of("ru", "struct rusage __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(62, "kill", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("sig", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(63, "uname", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("name", "struct new_utsname __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(64, "semget", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("key", "key_t", AbiKind.I32),
        SyscallInfo.Argument.of("nsems", "int", AbiKind.I32),
        SyscallInfo.Argument.of("semflg", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(65, "semop", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("semid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("tsops", "struct sembuf __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nsops", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(66, "semctl", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("semid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("semnum", "int", AbiKind.I32),
        SyscallInfo.Argument.of("cmd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("arg", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(67, "shmdt", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("shmaddr", "char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(68, "msgget", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("key", "key_t", AbiKind.I32),
        SyscallInfo.Argument.of("msgflg", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(69, "msgsnd", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("msqid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("msgp", "struct msgbuf __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("msgsz", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("msgflg", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(70, "msgrcv", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("msqid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("msgp", "struct msgbuf __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("msgsz", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("msgtyp", "long", AbiKind.I64),
        SyscallInfo.Argument.of("msgflg", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(71, "msgctl", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("msqid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("cmd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("buf", "struct msqid_ds __user *", AbiKind.PTR))));
  }

  private static void rowsFrom72(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(72, "fcntl", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("cmd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("arg", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(73, "flock", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("cmd", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(74, "fsync", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(75, "fdatasync", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(76, "truncate", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("path", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("length", "long", AbiKind.I64))));
    rows.add(SyscallInfo.withoutHandler(77, "ftruncate", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("length", "off_t", AbiKind.I64))));
    rows.add(SyscallInfo.withoutHandler(78, "getdents", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(79, "getcwd", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("buf", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(80, "chdir", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(81, "fchdir", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(82, "rename", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(83, "mkdir", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(84, "rmdir", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(85, "creat", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(86, "link", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(87, "unlink", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(88, "symlink", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(89, "readlink", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(90, "chmod", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(91, "fchmod", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16))));
    rows.add(SyscallInfo.withoutHandler(92, "chown", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(93, "fchown", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("user", "uid_t", AbiKind.U32),
        SyscallInfo.Argument.of("group", "gid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(94, "lchown", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(95, "umask", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("mask", "int", AbiKind.I32))));
  }

  private static void rowsFrom96(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(96, "gettimeofday", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("tv", "struct __kernel_old_timeval __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("tz", "struct timezone __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(97, "getrlimit", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("resource", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("rlim", "struct rlimit __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(98, "getrusage", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("who", "int", AbiKind.I32),
        SyscallInfo.Argument.of("ru", "struct rusage __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(99, "sysinfo", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("info", "struct sysinfo __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(100, "times", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("tbuf", "struct tms __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(101, "ptrace", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("request", "long", AbiKind.I64),
        SyscallInfo.Argument.of("pid", "long", AbiKind.I64),
        SyscallInfo.Argument.of("addr", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("data", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(102, "getuid", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(103, "syslog", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("type", "int", AbiKind.I32),
        SyscallInfo.Argument.of("buf", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(104, "getgid", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(105, "setuid", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("uid", "uid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(106, "setgid", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("gid", "gid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(107, "geteuid", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(108, "getegid", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(109, "setpgid", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("pgid", "pid_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(110, "getppid", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(111, "getpgrp", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(112, "setsid", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(113, "setreuid", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("ruid", "uid_t", AbiKind.U32),
        SyscallInfo.Argument.of("euid", "uid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(114, "setregid", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("rgid", "gid_t", AbiKind.U32),
        SyscallInfo.Argument.of("egid", "gid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(115, "getgroups", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("gidsetsize", "int", AbiKind.I32),
        SyscallInfo.Argument.of("grouplist", "gid_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(116, "setgroups", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("gidsetsize", "int", AbiKind.I32),
        SyscallInfo.Argument.of("grouplist", "gid_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(117, "setresuid", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("ruid", "uid_t", AbiKind.U32),
        SyscallInfo.Argument.of("euid", "uid_t", AbiKind.U32),
        SyscallInfo.Argument.of("suid", "uid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(118, "getresuid", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("ruidp", "uid_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("euidp", "uid_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("suidp", "uid_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(119, "setresgid", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("rgid", "gid_t", AbiKind.U32),
        SyscallInfo.Argument.of("egid", "gid_t", AbiKind.U32),
        SyscallInfo.Argument.of("sgid", "gid_t", AbiKind.U32))));
  }

  private static void rowsFrom120(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(120, "getresgid", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("rgidp", "gid_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("egidp", "gid_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sgidp", "gid_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(121, "getpgid", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(122, "setfsuid", SyscallInfo.Origin.KERNEL, "1.2", List.of(
        SyscallInfo.Argument.of("uid", "uid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(123, "setfsgid", SyscallInfo.Origin.KERNEL, "1.2", List.of(
        SyscallInfo.Argument.of("gid", "gid_t", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(124, "getsid", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(125, "capget", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("header", "cap_user_header_t", AbiKind.PTR),
        SyscallInfo.Argument.of("dataptr", "cap_user_data_t", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(126, "capset", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("header", "cap_user_header_t", AbiKind.PTR),
        SyscallInfo.Argument.of("data", "cap_user_data_t", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(127, "rt_sigpending", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("uset", "sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(128, "rt_sigtimedwait", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("uthese", "const sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("uinfo", "siginfo_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("uts", "const struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(129, "rt_sigqueueinfo", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("sig", "int", AbiKind.I32),
        SyscallInfo.Argument.of("uinfo", "siginfo_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(130, "rt_sigsuspend", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("unewset", "sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(131, "sigaltstack", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("uss", "const stack_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("uoss", "stack_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(132, "utime", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(133, "mknod", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(134, "uselib", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(135, "personality", SyscallInfo.Origin.KERNEL, "1.2", List.of(
        SyscallInfo.Argument.of("personality", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(136, "ustat", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(137, "statfs", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("buf", "struct statfs __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(138, "fstatfs", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("buf", "struct statfs __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(139, "sysfs", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(140, "getpriority", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("which", "int", AbiKind.I32),
        SyscallInfo.Argument.of("who", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(141, "setpriority", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("which", "int", AbiKind.I32),
        SyscallInfo.Argument.of("who", "int", AbiKind.I32),
        SyscallInfo.Argument.of("niceval", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(142, "sched_setparam", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("param", "struct sched_param __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(143, "sched_getparam", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("param", "struct sched_param __user *", AbiKind.PTR))));
  }

  private static void rowsFrom144(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(144, "sched_setscheduler", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("policy", "int", AbiKind.I32),
        SyscallInfo.Argument.of("param", "struct sched_param __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(145, "sched_getscheduler", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(146, "sched_get_priority_max", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("policy", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(147, "sched_get_priority_min", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("policy", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(148, "sched_rr_get_interval", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("interval", "struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(149, "mlock", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(150, "munlock", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(151, "mlockall", SyscallInfo.Origin.KERNEL, "2.0", List.of(
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(152, "munlockall", SyscallInfo.Origin.KERNEL, "2.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(153, "vhangup", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(154, "modify_ldt", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(155, "pivot_root", SyscallInfo.Origin.KERNEL, "2.4", List.of(
        SyscallInfo.Argument.of("new_root", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("put_old", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(156, "_sysctl", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(157, "prctl", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("option", "int", AbiKind.I32),
        SyscallInfo.Argument.of("arg2", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("arg3", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("arg4", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("arg5", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(158, "arch_prctl", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(159, "adjtimex", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("txc_p", "struct __kernel_timex __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(160, "setrlimit", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("resource", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("rlim", "struct rlimit __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(161, "chroot", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(162, "sync", SyscallInfo.Origin.KERNEL, "1.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(163, "acct", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(164, "settimeofday", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("tv", "struct __kernel_old_timeval __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("tz", "struct timezone __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(165, "mount", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("dev_name", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("dir_name", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("type", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("data", "void __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(166, "umount2", SyscallInfo.Origin.KERNEL, "2.2", List.of(
        SyscallInfo.Argument.of("name", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(167, "swapon", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("specialfile", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("swap_flags", "int", AbiKind.I32))));
  }

  private static void rowsFrom168(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(168, "swapoff", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("specialfile", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(169, "reboot", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("magic1", "int", AbiKind.I32),
        SyscallInfo.Argument.of("magic2", "int", AbiKind.I32),
        SyscallInfo.Argument.of("cmd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("arg", "void __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(170, "sethostname", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("name", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(171, "setdomainname", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("name", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(172, "iopl", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(173, "ioperm", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(174, "create_module", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(175, "init_module", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("umod", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("uargs", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(176, "delete_module", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("name_user", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(177, "get_kernel_syms", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(178, "query_module", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(179, "quotactl", SyscallInfo.Origin.KERNEL, "1.0", List.of(
        SyscallInfo.Argument.of("cmd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("special", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("id", "qid_t", AbiKind.U32),
        SyscallInfo.Argument.of("addr", "void __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(180, "nfsservctl", SyscallInfo.Origin.KERNEL, "2.2", List.of()));
    rows.add(SyscallInfo.withoutHandler(181, "getpmsg", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(182, "putpmsg", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(183, "afs_syscall", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(184, "tuxcall", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(185, "security", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(186, "gettid", SyscallInfo.Origin.KERNEL, "2.4.11", List.of()));
    rows.add(SyscallInfo.withoutHandler(187, "readahead", SyscallInfo.Origin.KERNEL, "2.4.13", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("offset", "loff_t", AbiKind.I64),
        SyscallInfo.Argument.of("count", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(188, "setxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("value", "const void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(189, "lsetxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("value", "const void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(190, "fsetxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("value", "const void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(191, "getxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("value", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
  }

  private static void rowsFrom192(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(192, "lgetxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("value", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(193, "fgetxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("value", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(194, "listxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("list", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(195, "llistxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("list", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(196, "flistxattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("list", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(197, "removexattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(198, "lremovexattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(199, "fremovexattr", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(200, "tkill", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("sig", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(201, "time", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(202, "futex", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("uaddr", "u32 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("op", "int", AbiKind.I32),
        SyscallInfo.Argument.of("val", "u32", AbiKind.U32),
        SyscallInfo.Argument.of("utime", "const struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("uaddr2", "u32 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("val3", "u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(203, "sched_setaffinity", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("len", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("user_mask_ptr", "unsigned long __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(204, "sched_getaffinity", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("len", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("user_mask_ptr", "unsigned long __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(205, "set_thread_area", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(206, "io_setup", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("nr_events", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("ctxp", "aio_context_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(207, "io_destroy", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("ctx", "aio_context_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(208, "io_getevents", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("ctx_id", "aio_context_t", AbiKind.U64),
        SyscallInfo.Argument.of("min_nr", "long", AbiKind.I64),
        SyscallInfo.Argument.of("nr", "long", AbiKind.I64),
        SyscallInfo.Argument.of("events", "struct io_event __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("timeout", "struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(209, "io_submit", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("ctx_id", "aio_context_t", AbiKind.U64),
        SyscallInfo.Argument.of("nr", "long", AbiKind.I64),
        SyscallInfo.Argument.of("iocbpp", "struct iocb __user * __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(210, "io_cancel", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("ctx_id", "aio_context_t", AbiKind.U64),
        SyscallInfo.Argument.of("iocb", "struct iocb __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("result", "struct io_event __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(211, "get_thread_area", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(212, "lookup_dcookie", SyscallInfo.Origin.KERNEL, "2.6", List.of()));
    rows.add(SyscallInfo.withoutHandler(213, "epoll_create", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(214, "epoll_ctl_old", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(215, "epoll_wait_old", SyscallInfo.Origin.KERNEL, "", List.of()));
  }

  private static void rowsFrom216(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(216, "remap_file_pages", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("size", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("prot", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pgoff", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(217, "getdents64", SyscallInfo.Origin.KERNEL, "2.4", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("dirent", "struct linux_dirent64 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("count", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(218, "set_tid_address", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("tidptr", "int __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(219, "restart_syscall", SyscallInfo.Origin.KERNEL, "2.6", List.of()));
    rows.add(SyscallInfo.withoutHandler(220, "semtimedop", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("semid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("tsops", "struct sembuf __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nsops", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("timeout", "const struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(221, "fadvise64", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("offset", "loff_t", AbiKind.I64),
        SyscallInfo.Argument.of("len", "loff_t", AbiKind.I64),
        SyscallInfo.Argument.of("advice", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(222, "timer_create", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("which_clock", "clockid_t", AbiKind.I32),
        SyscallInfo.Argument.of("timer_event_spec", "struct sigevent __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("created_timer_id", "timer_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(223, "timer_settime", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("timer_id", "timer_t", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32),
        SyscallInfo.Argument.of("new_setting", "const struct __kernel_itimerspec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("old_setting", "struct __kernel_itimerspec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(224, "timer_gettime", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("timer_id", "timer_t", AbiKind.I32),
        SyscallInfo.Argument.of("setting", "struct __kernel_itimerspec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(225, "timer_getoverrun", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("timer_id", "timer_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(226, "timer_delete", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("timer_id", "timer_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(227, "clock_settime", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("which_clock", "clockid_t", AbiKind.I32),
        SyscallInfo.Argument.of("tp", "const struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(228, "clock_gettime", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("which_clock", "clockid_t", AbiKind.I32),
        SyscallInfo.Argument.of("tp", "struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(229, "clock_getres", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("which_clock", "clockid_t", AbiKind.I32),
        SyscallInfo.Argument.of("tp", "struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(230, "clock_nanosleep", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("which_clock", "clockid_t", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32),
        SyscallInfo.Argument.of("rqtp", "const struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("rmtp", "struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(231, "exit_group", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("error_code", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(232, "epoll_wait", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(233, "epoll_ctl", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("epfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("op", "int", AbiKind.I32),
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("event", "struct epoll_event __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(234, "tgkill", SyscallInfo.Origin.KERNEL, "2.6", List.of(
        SyscallInfo.Argument.of("tgid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("sig", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(235, "utimes", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(236, "vserver", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(237, "mbind", SyscallInfo.Origin.KERNEL, "2.6.7", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("mode", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("nmask", "const unsigned long __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("maxnode", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(238, "set_mempolicy", SyscallInfo.Origin.KERNEL, "2.6.7", List.of(
        SyscallInfo.Argument.of("mode", "int", AbiKind.I32),
        SyscallInfo.Argument.of("nmask", "const unsigned long __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("maxnode", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(239, "get_mempolicy", SyscallInfo.Origin.KERNEL, "2.6.7", List.of(
        SyscallInfo.Argument.of("policy", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nmask", "unsigned long __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("maxnode", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("addr", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
  }

  private static void rowsFrom240(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(240, "mq_open", SyscallInfo.Origin.KERNEL, "2.6.6", List.of(
        SyscallInfo.Argument.of("u_name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("oflag", "int", AbiKind.I32),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16),
        SyscallInfo.Argument.of("u_attr", "struct mq_attr __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(241, "mq_unlink", SyscallInfo.Origin.KERNEL, "2.6.6", List.of(
        SyscallInfo.Argument.of("u_name", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(242, "mq_timedsend", SyscallInfo.Origin.KERNEL, "2.6.6", List.of(
        SyscallInfo.Argument.of("mqdes", "mqd_t", AbiKind.I32),
        SyscallInfo.Argument.of("u_msg_ptr", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("msg_len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("msg_prio", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("u_abs_timeout", "const struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(243, "mq_timedreceive", SyscallInfo.Origin.KERNEL, "2.6.6", List.of(
        SyscallInfo.Argument.of("mqdes", "mqd_t", AbiKind.I32),
        SyscallInfo.Argument.of("u_msg_ptr", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("msg_len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("u_msg_prio", "unsigned int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("u_abs_timeout", "const struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(244, "mq_notify", SyscallInfo.Origin.KERNEL, "2.6.6", List.of(
        SyscallInfo.Argument.of("mqdes", "mqd_t", AbiKind.I32),
        SyscallInfo.Argument.of("u_notification", "const struct sigevent __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(245, "mq_getsetattr", SyscallInfo.Origin.KERNEL, "2.6.6", List.of(
        SyscallInfo.Argument.of("mqdes", "mqd_t", AbiKind.I32),
        SyscallInfo.Argument.of("u_mqstat", "const struct mq_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("u_omqstat", "struct mq_attr __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(246, "kexec_load", SyscallInfo.Origin.KERNEL, "2.6.13", List.of(
        SyscallInfo.Argument.of("entry", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("nr_segments", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("segments", "struct kexec_segment __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(247, "waitid", SyscallInfo.Origin.KERNEL, "2.6.10", List.of(
        SyscallInfo.Argument.of("which", "int", AbiKind.I32),
        SyscallInfo.Argument.of("upid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("infop", "struct siginfo __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("options", "int", AbiKind.I32),
        SyscallInfo.Argument.of("ru", "struct rusage __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(248, "add_key", SyscallInfo.Origin.KERNEL, "2.6.10", List.of(
        SyscallInfo.Argument.of("_type", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("_description", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("_payload", "const void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("plen", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("ringid", "key_serial_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(249, "request_key", SyscallInfo.Origin.KERNEL, "2.6.10", List.of(
        SyscallInfo.Argument.of("_type", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("_description", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("_callout_info", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("destringid", "key_serial_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(250, "keyctl", SyscallInfo.Origin.KERNEL, "2.6.10", List.of(
        SyscallInfo.Argument.of("option", "int", AbiKind.I32),
        SyscallInfo.Argument.of("arg2", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("arg3", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("arg4", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("arg5", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(251, "ioprio_set", SyscallInfo.Origin.KERNEL, "2.6.13", List.of(
        SyscallInfo.Argument.of("which", "int", AbiKind.I32),
        SyscallInfo.Argument.of("who", "int", AbiKind.I32),
        SyscallInfo.Argument.of("ioprio", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(252, "ioprio_get", SyscallInfo.Origin.KERNEL, "2.6.13", List.of(
        SyscallInfo.Argument.of("which", "int", AbiKind.I32),
        SyscallInfo.Argument.of("who", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(253, "inotify_init", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(254, "inotify_add_watch", SyscallInfo.Origin.KERNEL, "2.6.13", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mask", "u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(255, "inotify_rm_watch", SyscallInfo.Origin.KERNEL, "2.6.13", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("wd", "__s32", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(256, "migrate_pages", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("maxnode", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("old_nodes", "const unsigned long __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("new_nodes", "const unsigned long __user *", AbiKind.PTR))));
    rows.add(new SyscallInfo(257, "openat", SyscallInfo.Origin.KERNEL, Support.PARTIAL,
        "no \"O_PATH\"", "2.6.16",
        "demo.FileCalls.openat",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR, ArgumentRole.of(RoleKind.C_STRING)),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32, ArgumentRole.of(RoleKind.FLAGS, "open_flags")),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16, ArgumentRole.of(RoleKind.MODE)))));
    rows.add(SyscallInfo.withoutHandler(258, "mkdirat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16))));
    rows.add(SyscallInfo.withoutHandler(259, "mknodat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16),
        SyscallInfo.Argument.of("dev", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(260, "fchownat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("user", "uid_t", AbiKind.U32),
        SyscallInfo.Argument.of("group", "gid_t", AbiKind.U32),
        SyscallInfo.Argument.of("flag", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(261, "futimesat", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(262, "newfstatat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("statbuf", "struct stat __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flag", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(263, "unlinkat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flag", "int", AbiKind.I32))));
  }

  private static void rowsFrom264(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(264, "renameat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("olddfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("oldname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("newdfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("newname", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(265, "linkat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("olddfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("oldname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("newdfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("newname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(266, "symlinkat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("oldname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("newdfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("newname", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(267, "readlinkat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("buf", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("bufsiz", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(268, "fchmodat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16))));
    rows.add(SyscallInfo.withoutHandler(269, "faccessat", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mode", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(270, "pselect6", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("n", "int", AbiKind.I32),
        SyscallInfo.Argument.of("inp", "fd_set __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("outp", "fd_set __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("exp", "fd_set __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("tsp", "struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sig", "void __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(271, "ppoll", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("ufds", "struct pollfd __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nfds", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("tsp", "struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigmask", "const sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(272, "unshare", SyscallInfo.Origin.KERNEL, "2.6.16", List.of(
        SyscallInfo.Argument.of("unshare_flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(273, "set_robust_list", SyscallInfo.Origin.KERNEL, "2.6.17", List.of(
        SyscallInfo.Argument.of("head", "struct robust_list_head __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(274, "get_robust_list", SyscallInfo.Origin.KERNEL, "2.6.17", List.of(
        SyscallInfo.Argument.of("pid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("head_ptr", "struct robust_list_head __user * __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len_ptr", "size_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(275, "splice", SyscallInfo.Origin.KERNEL, "2.6.17", List.of(
        SyscallInfo.Argument.of("fd_in", "int", AbiKind.I32),
        SyscallInfo.Argument.of("off_in", "loff_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("fd_out", "int", AbiKind.I32),
        SyscallInfo.Argument.of("off_out", "loff_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(276, "tee", SyscallInfo.Origin.KERNEL, "2.6.17", List.of(
        SyscallInfo.Argument.of("fdin", "int", AbiKind.I32),
        SyscallInfo.Argument.of("fdout", "int", AbiKind.I32),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(277, "sync_file_range", SyscallInfo.Origin.KERNEL, "2.6.17", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("offset", "loff_t", AbiKind.I64),
        SyscallInfo.Argument.of("nbytes", "loff_t", AbiKind.I64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(278, "vmsplice", SyscallInfo.Origin.KERNEL, "2.6.17", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("uiov", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nr_segs", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(279, "move_pages", SyscallInfo.Origin.KERNEL, "2.6.18", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("nr_pages", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pages", "const void __user * __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nodes", "const int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("status", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(280, "utimensat", SyscallInfo.Origin.KERNEL, "2.6.22", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("utimes", "struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(281, "epoll_pwait", SyscallInfo.Origin.KERNEL, "2.6.19", List.of(
        SyscallInfo.Argument.of("epfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("events", "struct epoll_event __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("maxevents", "int", AbiKind.I32),
        SyscallInfo.Argument.of("timeout", "int", AbiKind.I32),
        SyscallInfo.Argument.of("sigmask", "const sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(282, "signalfd", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(283, "timerfd_create", SyscallInfo.Origin.KERNEL, "2.6.25", List.of(
        SyscallInfo.Argument.of("clockid", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(284, "eventfd", SyscallInfo.Origin.KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(285, "fallocate", SyscallInfo.Origin.KERNEL, "2.6.23", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("mode", "int", AbiKind.I32),
        SyscallInfo.Argument.of("offset", "loff_t", AbiKind.I64),
        SyscallInfo.Argument.of("len", "loff_t", AbiKind.I64))));
    rows.add(SyscallInfo.withoutHandler(286, "timerfd_settime", SyscallInfo.Origin.KERNEL, "2.6.25", List.of(
        SyscallInfo.Argument.of("ufd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32),
        SyscallInfo.Argument.of("utmr", "const struct __kernel_itimerspec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("otmr", "struct __kernel_itimerspec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(287, "timerfd_gettime", SyscallInfo.Origin.KERNEL, "2.6.25", List.of(
        SyscallInfo.Argument.of("ufd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("otmr", "struct __kernel_itimerspec __user *", AbiKind.PTR))));
  }

  private static void rowsFrom288(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(288, "accept4", SyscallInfo.Origin.KERNEL, "2.6.28", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("upeer_sockaddr", "struct sockaddr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("upeer_addrlen", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(289, "signalfd4", SyscallInfo.Origin.KERNEL, "2.6.27", List.of(
        SyscallInfo.Argument.of("ufd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("user_mask", "sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sizemask", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(290, "eventfd2", SyscallInfo.Origin.KERNEL, "2.6.27", List.of(
        SyscallInfo.Argument.of("count", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(291, "epoll_create1", SyscallInfo.Origin.KERNEL, "2.6.27", List.of(
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(292, "dup3", SyscallInfo.Origin.KERNEL, "2.6.27", List.of(
        SyscallInfo.Argument.of("oldfd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("newfd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(293, "pipe2", SyscallInfo.Origin.KERNEL, "2.6.27", List.of(
        SyscallInfo.Argument.of("fildes", "int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(294, "inotify_init1", SyscallInfo.Origin.KERNEL, "2.6.27", List.of(
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(295, "preadv", SyscallInfo.Origin.KERNEL, "2.6.30", List.of(
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pos_l", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pos_h", "unsigned long", AbiKind.U64))));
    rows.add(new SyscallInfo(296, "pwritev", SyscallInfo.Origin.KERNEL, Support.FULL,
        "", "2.6.30",
        "demo.FileCalls.pwritev",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.FD)),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.IN, "struct iovec", ArgumentRole.Length.NONE, ArgumentRole.Length.of(LengthKind.ARGUMENT, 2))),
        SyscallInfo.Argument.of("vlen", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.SIZE)),
        SyscallInfo.Argument.of("pos_l", "unsigned long", AbiKind.U64, ArgumentRole.of(RoleKind.OFFSET)),
        SyscallInfo.Argument.of("pos_h", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(297, "rt_tgsigqueueinfo", SyscallInfo.Origin.KERNEL, "2.6.31", List.of(
        SyscallInfo.Argument.of("tgid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("sig", "int", AbiKind.I32),
        SyscallInfo.Argument.of("uinfo", "siginfo_t __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(298, "perf_event_open", SyscallInfo.Origin.KERNEL, "2.6.31", List.of(
        SyscallInfo.Argument.of("attr_uptr", "struct perf_event_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("cpu", "int", AbiKind.I32),
        SyscallInfo.Argument.of("group_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(299, "recvmmsg", SyscallInfo.Origin.KERNEL, "2.6.33", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("mmsg", "struct mmsghdr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("timeout", "struct __kernel_timespec __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(300, "fanotify_init", SyscallInfo.Origin.KERNEL, "2.6.37", List.of(
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("event_f_flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(301, "fanotify_mark", SyscallInfo.Origin.KERNEL, "2.6.37", List.of(
        SyscallInfo.Argument.of("fanotify_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("mask", "__u64", AbiKind.U64),
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(302, "prlimit64", SyscallInfo.Origin.KERNEL, "2.6.36", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("resource", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("new_rlim", "const struct rlimit64 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("old_rlim", "struct rlimit64 __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(303, "name_to_handle_at", SyscallInfo.Origin.KERNEL, "2.6.39", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("handle", "struct file_handle __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mnt_id", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flag", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(304, "open_by_handle_at", SyscallInfo.Origin.KERNEL, "2.6.39", List.of(
        SyscallInfo.Argument.of("mountdirfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("handle", "struct file_handle __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(305, "clock_adjtime", SyscallInfo.Origin.KERNEL, "2.6.39", List.of(
        SyscallInfo.Argument.of("which_clock", "clockid_t", AbiKind.I32),
        SyscallInfo.Argument.of("utx", "struct __kernel_timex __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(306, "syncfs", SyscallInfo.Origin.KERNEL, "2.6.39", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(307, "sendmmsg", SyscallInfo.Origin.KERNEL, "3.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("mmsg", "struct mmsghdr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(308, "setns", SyscallInfo.Origin.KERNEL, "3.0", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(309, "getcpu", SyscallInfo.Origin.KERNEL, "2.6.19", List.of(
        SyscallInfo.Argument.of("cpup", "unsigned int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nodep", "unsigned int __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("unused", "struct getcpu_cache __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(310, "process_vm_readv", SyscallInfo.Origin.KERNEL, "3.2", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("lvec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("liovcnt", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("rvec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("riovcnt", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(311, "process_vm_writev", SyscallInfo.Origin.KERNEL, "3.2", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("lvec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("liovcnt", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("rvec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("riovcnt", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
  }

  private static void rowsFrom312(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(312, "kcmp", SyscallInfo.Origin.KERNEL, "3.5", List.of(
        SyscallInfo.Argument.of("pid1", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("pid2", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("type", "int", AbiKind.I32),
        SyscallInfo.Argument.of("idx1", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("idx2", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(313, "finit_module", SyscallInfo.Origin.KERNEL, "3.8", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("uargs", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(314, "sched_setattr", SyscallInfo.Origin.KERNEL, "3.14", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("uattr", "struct sched_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(315, "sched_getattr", SyscallInfo.Origin.KERNEL, "3.14", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("uattr", "struct sched_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(316, "renameat2", SyscallInfo.Origin.KERNEL, "3.15", List.of(
        SyscallInfo.Argument.of("olddfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("oldname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("newdfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("newname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(317, "seccomp", SyscallInfo.Origin.KERNEL, "3.17", List.of(
        SyscallInfo.Argument.of("op", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("uargs", "void __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(318, "getrandom", SyscallInfo.Origin.KERNEL, "3.17", List.of(
        SyscallInfo.Argument.of("ubuf", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(319, "memfd_create", SyscallInfo.Origin.KERNEL, "3.17", List.of(
        SyscallInfo.Argument.of("uname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(320, "kexec_file_load", SyscallInfo.Origin.KERNEL, "3.17", List.of(
        SyscallInfo.Argument.of("kernel_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("initrd_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("cmdline_len", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("cmdline_ptr", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(321, "bpf", SyscallInfo.Origin.KERNEL, "3.18", List.of(
        SyscallInfo.Argument.of("cmd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("uattr", "union bpf_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(322, "execveat", SyscallInfo.Origin.KERNEL, "3.19", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("argv", "const char __user * const __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("envp", "const char __user * const __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(323, "userfaultfd", SyscallInfo.Origin.KERNEL, "4.3", List.of(
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(324, "membarrier", SyscallInfo.Origin.KERNEL, "4.3", List.of(
        SyscallInfo.Argument.of("cmd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("cpu_id", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(325, "mlock2", SyscallInfo.Origin.KERNEL, "4.4", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(326, "copy_file_range", SyscallInfo.Origin.KERNEL, "4.5", List.of(
        SyscallInfo.Argument.of("fd_in", "int", AbiKind.I32),
        SyscallInfo.Argument.of("off_in", "loff_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("fd_out", "int", AbiKind.I32),
        SyscallInfo.Argument.of("off_out", "loff_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(327, "preadv2", SyscallInfo.Origin.KERNEL, "4.6", List.of(
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pos_l", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pos_h", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "rwf_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(328, "pwritev2", SyscallInfo.Origin.KERNEL, "4.6", List.of(
        SyscallInfo.Argument.of("fd", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pos_l", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pos_h", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "rwf_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(329, "pkey_mprotect", SyscallInfo.Origin.KERNEL, "4.9", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("prot", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("pkey", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(330, "pkey_alloc", SyscallInfo.Origin.KERNEL, "4.9", List.of(
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("init_val", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(331, "pkey_free", SyscallInfo.Origin.KERNEL, "4.9", List.of(
        SyscallInfo.Argument.of("pkey", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(332, "statx", SyscallInfo.Origin.KERNEL, "4.11", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("mask", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("buffer", "struct statx __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(333, "io_pgetevents", SyscallInfo.Origin.KERNEL, "4.18", List.of(
        SyscallInfo.Argument.of("ctx_id", "aio_context_t", AbiKind.U64),
        SyscallInfo.Argument.of("min_nr", "long", AbiKind.I64),
        SyscallInfo.Argument.of("nr", "long", AbiKind.I64),
        SyscallInfo.Argument.of("events", "struct io_event __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("timeout", "struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usig", "const struct __aio_sigset __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(334, "rseq", SyscallInfo.Origin.KERNEL, "4.18", List.of(
        SyscallInfo.Argument.of("rseq", "struct rseq __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("rseq_len", "u32", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32),
        SyscallInfo.Argument.of("sig", "u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(335, "uretprobe", SyscallInfo.Origin.KERNEL, "", List.of()));
  }

  private static void rowsFrom336(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(336, "uprobe", SyscallInfo.Origin.LATER_KERNEL, "", List.of()));
    rows.add(SyscallInfo.withoutHandler(424, "pidfd_send_signal", SyscallInfo.Origin.KERNEL, "5.1", List.of(
        SyscallInfo.Argument.of("pidfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("sig", "int", AbiKind.I32),
        SyscallInfo.Argument.of("info", "siginfo_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(425, "io_uring_setup", SyscallInfo.Origin.KERNEL, "5.1", List.of(
        SyscallInfo.Argument.of("entries", "u32", AbiKind.U32),
        SyscallInfo.Argument.of("params", "struct io_uring_params __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(426, "io_uring_enter", SyscallInfo.Origin.KERNEL, "5.1", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("to_submit", "u32", AbiKind.U32),
        SyscallInfo.Argument.of("min_complete", "u32", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "u32", AbiKind.U32),
        SyscallInfo.Argument.of("argp", "const void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("argsz", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(427, "io_uring_register", SyscallInfo.Origin.KERNEL, "5.1", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("opcode", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("arg", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nr_args", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(428, "open_tree", SyscallInfo.Origin.KERNEL, "5.2", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(429, "move_mount", SyscallInfo.Origin.KERNEL, "5.2", List.of(
        SyscallInfo.Argument.of("from_dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("from_pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("to_dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("to_pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(430, "fsopen", SyscallInfo.Origin.KERNEL, "5.2", List.of(
        SyscallInfo.Argument.of("_fs_name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(431, "fsconfig", SyscallInfo.Origin.KERNEL, "5.2", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("cmd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("_key", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("_value", "const void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("aux", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(432, "fsmount", SyscallInfo.Origin.KERNEL, "5.2", List.of(
        SyscallInfo.Argument.of("fs_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("attr_flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(433, "fspick", SyscallInfo.Origin.KERNEL, "5.2", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("path", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(434, "pidfd_open", SyscallInfo.Origin.KERNEL, "5.3", List.of(
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(435, "clone3", SyscallInfo.Origin.KERNEL, "5.3", List.of(
        SyscallInfo.Argument.of("uargs", "struct clone_args __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(436, "close_range", SyscallInfo.Origin.KERNEL, "5.9", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("max_fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(437, "openat2", SyscallInfo.Origin.KERNEL, "5.6", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("how", "struct open_how __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(438, "pidfd_getfd", SyscallInfo.Origin.KERNEL, "5.6", List.of(
        SyscallInfo.Argument.of("pidfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(439, "faccessat2", SyscallInfo.Origin.KERNEL, "5.8", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mode", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(440, "process_madvise", SyscallInfo.Origin.KERNEL, "5.10", List.of(
        SyscallInfo.Argument.of("pidfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("vec", "const struct iovec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("vlen", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("behavior", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(441, "epoll_pwait2", SyscallInfo.Origin.KERNEL, "5.11", List.of(
        SyscallInfo.Argument.of("epfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("events", "struct epoll_event __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("maxevents", "int", AbiKind.I32),
        SyscallInfo.Argument.of("timeout", "const struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigmask", "const sigset_t __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("sigsetsize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(442, "mount_setattr", SyscallInfo.Origin.KERNEL, "5.12", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("path", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("uattr", "struct mount_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(443, "quotactl_fd", SyscallInfo.Origin.KERNEL, "5.14", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("cmd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("id", "qid_t", AbiKind.U32),
        SyscallInfo.Argument.of("addr", "void __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(444, "landlock_create_ruleset", SyscallInfo.Origin.KERNEL, "5.13", List.of(
        SyscallInfo.Argument.of("attr", "const struct landlock_ruleset_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "__u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(445, "landlock_add_rule", SyscallInfo.Origin.KERNEL, "5.13", List.of(
        SyscallInfo.Argument.of("ruleset_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("rule_type", "enum landlock_rule_type", AbiKind.U32),
        SyscallInfo.Argument.of("rule_attr", "const void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "__u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(446, "landlock_restrict_self", SyscallInfo.Origin.KERNEL, "5.13", List.of(
        SyscallInfo.Argument.of("ruleset_fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "__u32", AbiKind.U32))));
  }

  private static void rowsFrom447(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(447, "memfd_secret", SyscallInfo.Origin.KERNEL, "5.14", List.of(
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(448, "process_mrelease", SyscallInfo.Origin.KERNEL, "5.15", List.of(
        SyscallInfo.Argument.of("pidfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(449, "futex_waitv", SyscallInfo.Origin.KERNEL, "5.16", List.of(
        SyscallInfo.Argument.of("waiters", "struct futex_waitv __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nr_futexes", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("timeout", "struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("clockid", "clockid_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(450, "set_mempolicy_home_node", SyscallInfo.Origin.KERNEL, "5.17", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("home_node", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(451, "cachestat", SyscallInfo.Origin.KERNEL, "6.5", List.of(
        SyscallInfo.Argument.of("fd", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("cstat_range", "struct cachestat_range __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("cstat", "struct cachestat __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(452, "fchmodat2", SyscallInfo.Origin.KERNEL, "6.6", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mode", "umode_t", AbiKind.U16),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(453, "map_shadow_stack", SyscallInfo.Origin.KERNEL, "6.6", List.of(
        SyscallInfo.Argument.of("addr", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("size", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(454, "futex_wake", SyscallInfo.Origin.KERNEL, "6.7", List.of(
        SyscallInfo.Argument.of("uaddr", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mask", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("nr", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(455, "futex_wait", SyscallInfo.Origin.KERNEL, "6.7", List.of(
        SyscallInfo.Argument.of("uaddr", "void __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("val", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("mask", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("timeout", "struct __kernel_timespec __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("clockid", "clockid_t", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(456, "futex_requeue", SyscallInfo.Origin.KERNEL, "6.7", List.of(
        SyscallInfo.Argument.of("waiters", "struct futex_waitv __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("nr_wake", "int", AbiKind.I32),
        SyscallInfo.Argument.of("nr_requeue", "int", AbiKind.I32))));
    rows.add(SyscallInfo.withoutHandler(457, "statmount", SyscallInfo.Origin.KERNEL, "6.8", List.of(
        SyscallInfo.Argument.of("req", "const struct mnt_id_req __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("buf", "struct statmount __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("bufsize", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(458, "listmount", SyscallInfo.Origin.KERNEL, "6.8", List.of(
        SyscallInfo.Argument.of("req", "const struct mnt_id_req __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("mnt_ids", "u64 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nr_mnt_ids", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(459, "lsm_get_self_attr", SyscallInfo.Origin.KERNEL, "6.8", List.of(
        SyscallInfo.Argument.of("attr", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("ctx", "struct lsm_ctx __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "u32 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(460, "lsm_set_self_attr", SyscallInfo.Origin.KERNEL, "6.8", List.of(
        SyscallInfo.Argument.of("attr", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("ctx", "struct lsm_ctx __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "u32", AbiKind.U32),
        SyscallInfo.Argument.of("flags", "u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(461, "lsm_list_modules", SyscallInfo.Origin.KERNEL, "6.8", List.of(
        SyscallInfo.Argument.of("ids", "u64 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "u32 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "u32", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(462, "mseal", SyscallInfo.Origin.KERNEL, "6.10", List.of(
        SyscallInfo.Argument.of("start", "unsigned long", AbiKind.U64),
        SyscallInfo.Argument.of("len", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned long", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(463, "setxattrat", SyscallInfo.Origin.LATER_KERNEL, "6.13", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("at_flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("uargs", "const struct xattr_args __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(464, "getxattrat", SyscallInfo.Origin.LATER_KERNEL, "6.13", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("at_flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("uargs", "struct xattr_args __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(465, "listxattrat", SyscallInfo.Origin.LATER_KERNEL, "6.13", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("at_flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("list", "char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("size", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(466, "removexattrat", SyscallInfo.Origin.LATER_KERNEL, "6.13", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("pathname", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("at_flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("name", "const char __user *", AbiKind.PTR))));
    rows.add(SyscallInfo.withoutHandler(467, "open_tree_attr", SyscallInfo.Origin.LATER_KERNEL, "6.15", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32),
        SyscallInfo.Argument.of("uattr", "struct mount_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "size_t", AbiKind.U64))));
    rows.add(SyscallInfo.withoutHandler(468, "file_getattr", SyscallInfo.Origin.LATER_KERNEL, "6.17", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("ufattr", "struct file_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("at_flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(469, "file_setattr", SyscallInfo.Origin.LATER_KERNEL, "6.17", List.of(
        SyscallInfo.Argument.of("dfd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("filename", "const char __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("ufattr", "struct file_attr __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("usize", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("at_flags", "unsigned int", AbiKind.U32))));
    rows.add(SyscallInfo.withoutHandler(470, "listns", SyscallInfo.Origin.LATER_KERNEL, "6.19", List.of(
        SyscallInfo.Argument.of("req", "const struct ns_id_req __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("ns_ids", "u64 __user *", AbiKind.PTR),
        SyscallInfo.Argument.of("nr_ns_ids", "size_t", AbiKind.U64),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
  }

  private static void rowsFrom471(List<SyscallInfo> rows) {
    rows.add(SyscallInfo.withoutHandler(471, "rseq_slice_yield", SyscallInfo.Origin.LATER_KERNEL, "7.0", List.of()));
    rows.add(SyscallInfo.withoutHandler(472, "fchroot", SyscallInfo.Origin.LATER_KERNEL, "7.3", List.of(
        SyscallInfo.Argument.of("fd", "int", AbiKind.I32),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32))));
    rows.add(new SyscallInfo(1024, "greet", SyscallInfo.Origin.OWN, Support.STUB,
        "", "",
        "demo.OwnCalls.greet",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("who", "const char __user *", AbiKind.PTR, ArgumentRole.of(RoleKind.C_STRING)),
        SyscallInfo.Argument.of("flags", "unsigned int", AbiKind.U32, ArgumentRole.of(RoleKind.FLAGS, "at_flags")),
        SyscallInfo.Argument.of("answer", "void __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.OUT, "", ArgumentRole.Length.of(LengthKind.POINTED_TO, 3), ArgumentRole.Length.NONE)),
        SyscallInfo.Argument.of("lengthAt", "void __user *", AbiKind.PTR, ArgumentRole.pointer(UserPtr.Access.IN_OUT, "", ArgumentRole.Length.of(LengthKind.CONSTANT, 4), ArgumentRole.Length.NONE)),
        SyscallInfo.Argument.of("pid", "pid_t", AbiKind.I32, ArgumentRole.of(RoleKind.PID)))));
    rows.add(new SyscallInfo(1535, "last_own", SyscallInfo.Origin.OWN, Support.FULL,
        "", "",
        "demo.OwnCalls.Inner.lastOwn",
        List.of(), Restart.NEVER, List.of(
        SyscallInfo.Argument.of("small", "int", AbiKind.I32),
        SyscallInfo.Argument.of("medium", "int", AbiKind.I32),
        SyscallInfo.Argument.of("large", "long", AbiKind.I64))));
  }
}
