// Generated from the pinned arm64 table of Linux 6.12 and 8 handlers.
package demo;

/**
 * The numbers of arm64 Linux, with those of your own calls.
 */
public final class DemoTableNumbers {
  /**
   * {@code io_setup(unsigned int nr_events, aio_context_t __user *ctxp)}.
   */
  public static final int __NR_io_setup = 0;

  /**
   * {@code io_destroy(aio_context_t ctx)}.
   */
  public static final int __NR_io_destroy = 1;

  /**
   * {@code io_submit(aio_context_t ctx_id, long nr, struct iocb __user * __user *iocbpp)}.
   */
  public static final int __NR_io_submit = 2;

  /**
   * {@code io_cancel(aio_context_t ctx_id, struct iocb __user *iocb, struct io_event __user *result)}.
   */
  public static final int __NR_io_cancel = 3;

  /**
   * {@code io_getevents(aio_context_t ctx_id, long min_nr, long nr, struct io_event __user *events, struct __kernel_timespec __user *timeout)}.
   */
  public static final int __NR_io_getevents = 4;

  /**
   * {@code setxattr(const char __user *pathname, const char __user *name, const void __user *value, size_t size, int flags)}.
   */
  public static final int __NR_setxattr = 5;

  /**
   * {@code lsetxattr(const char __user *pathname, const char __user *name, const void __user *value, size_t size, int flags)}.
   */
  public static final int __NR_lsetxattr = 6;

  /**
   * {@code fsetxattr(int fd, const char __user *name, const void __user *value, size_t size, int flags)}.
   */
  public static final int __NR_fsetxattr = 7;

  /**
   * {@code getxattr(const char __user *pathname, const char __user *name, void __user *value, size_t size)}.
   */
  public static final int __NR_getxattr = 8;

  /**
   * {@code lgetxattr(const char __user *pathname, const char __user *name, void __user *value, size_t size)}.
   */
  public static final int __NR_lgetxattr = 9;

  /**
   * {@code fgetxattr(int fd, const char __user *name, void __user *value, size_t size)}.
   */
  public static final int __NR_fgetxattr = 10;

  /**
   * {@code listxattr(const char __user *pathname, char __user *list, size_t size)}.
   */
  public static final int __NR_listxattr = 11;

  /**
   * {@code llistxattr(const char __user *pathname, char __user *list, size_t size)}.
   */
  public static final int __NR_llistxattr = 12;

  /**
   * {@code flistxattr(int fd, char __user *list, size_t size)}.
   */
  public static final int __NR_flistxattr = 13;

  /**
   * {@code removexattr(const char __user *pathname, const char __user *name)}.
   */
  public static final int __NR_removexattr = 14;

  /**
   * {@code lremovexattr(const char __user *pathname, const char __user *name)}.
   */
  public static final int __NR_lremovexattr = 15;

  /**
   * {@code fremovexattr(int fd, const char __user *name)}.
   */
  public static final int __NR_fremovexattr = 16;

  /**
   * {@code getcwd(char __user *buf, unsigned long size)}.
   */
  public static final int __NR_getcwd = 17;

  /**
   * {@code lookup_dcookie()}.
   */
  public static final int __NR_lookup_dcookie = 18;

  /**
   * {@code eventfd2(unsigned int count, int flags)}.
   */
  public static final int __NR_eventfd2 = 19;

  /**
   * {@code epoll_create1(int flags)}.
   */
  public static final int __NR_epoll_create1 = 20;

  /**
   * {@code epoll_ctl(int epfd, int op, int fd, struct epoll_event __user *event)}.
   */
  public static final int __NR_epoll_ctl = 21;

  /**
   * {@code epoll_pwait(int epfd, struct epoll_event __user *events, int maxevents, int timeout, const sigset_t __user *sigmask, size_t sigsetsize)}.
   */
  public static final int __NR_epoll_pwait = 22;

  /**
   * {@code dup(unsigned int fildes)}.
   */
  public static final int __NR_dup = 23;

  /**
   * {@code dup3(unsigned int oldfd, unsigned int newfd, int flags)}.
   */
  public static final int __NR_dup3 = 24;

  /**
   * {@code fcntl(unsigned int fd, unsigned int cmd, unsigned long arg)}.
   */
  public static final int __NR_fcntl = 25;

  /**
   * {@code inotify_init1(int flags)}.
   */
  public static final int __NR_inotify_init1 = 26;

  /**
   * {@code inotify_add_watch(int fd, const char __user *pathname, u32 mask)}.
   */
  public static final int __NR_inotify_add_watch = 27;

  /**
   * {@code inotify_rm_watch(int fd, __s32 wd)}.
   */
  public static final int __NR_inotify_rm_watch = 28;

  /**
   * {@code ioctl(unsigned int fd, unsigned int cmd, unsigned long arg)}.
   */
  public static final int __NR_ioctl = 29;

  /**
   * {@code ioprio_set(int which, int who, int ioprio)}.
   */
  public static final int __NR_ioprio_set = 30;

  /**
   * {@code ioprio_get(int which, int who)}.
   */
  public static final int __NR_ioprio_get = 31;

  /**
   * {@code flock(unsigned int fd, unsigned int cmd)}.
   */
  public static final int __NR_flock = 32;

  /**
   * {@code mknodat(int dfd, const char __user *filename, umode_t mode, unsigned int dev)}.
   */
  public static final int __NR_mknodat = 33;

  /**
   * {@code mkdirat(int dfd, const char __user *pathname, umode_t mode)}.
   */
  public static final int __NR_mkdirat = 34;

  /**
   * {@code unlinkat(int dfd, const char __user *pathname, int flag)}.
   */
  public static final int __NR_unlinkat = 35;

  /**
   * {@code symlinkat(const char __user *oldname, int newdfd, const char __user *newname)}.
   */
  public static final int __NR_symlinkat = 36;

  /**
   * {@code linkat(int olddfd, const char __user *oldname, int newdfd, const char __user *newname, int flags)}.
   */
  public static final int __NR_linkat = 37;

  /**
   * {@code renameat(int olddfd, const char __user *oldname, int newdfd, const char __user *newname)}.
   */
  public static final int __NR_renameat = 38;

  /**
   * {@code umount2(char __user *name, int flags)}.
   */
  public static final int __NR_umount2 = 39;

  /**
   * {@code mount(char __user *dev_name, char __user *dir_name, char __user *type, unsigned long flags, void __user *data)}.
   */
  public static final int __NR_mount = 40;

  /**
   * {@code pivot_root(const char __user *new_root, const char __user *put_old)}.
   */
  public static final int __NR_pivot_root = 41;

  /**
   * {@code nfsservctl()}.
   */
  public static final int __NR_nfsservctl = 42;

  /**
   * {@code statfs(const char __user *pathname, struct statfs __user *buf)}.
   */
  public static final int __NR_statfs = 43;

  /**
   * {@code fstatfs(unsigned int fd, struct statfs __user *buf)}.
   */
  public static final int __NR_fstatfs = 44;

  /**
   * {@code truncate(const char __user *path, long length)}.
   */
  public static final int __NR_truncate = 45;

  /**
   * {@code ftruncate(unsigned int fd, off_t length)}.
   */
  public static final int __NR_ftruncate = 46;

  /**
   * {@code fallocate(int fd, int mode, loff_t offset, loff_t len)}.
   */
  public static final int __NR_fallocate = 47;

  /**
   * {@code faccessat(int dfd, const char __user *filename, int mode)}.
   */
  public static final int __NR_faccessat = 48;

  /**
   * {@code chdir(const char __user *filename)}.
   */
  public static final int __NR_chdir = 49;

  /**
   * {@code fchdir(unsigned int fd)}.
   */
  public static final int __NR_fchdir = 50;

  /**
   * {@code chroot(const char __user *filename)}.
   */
  public static final int __NR_chroot = 51;

  /**
   * {@code fchmod(unsigned int fd, umode_t mode)}.
   */
  public static final int __NR_fchmod = 52;

  /**
   * {@code fchmodat(int dfd, const char __user *filename, umode_t mode)}.
   */
  public static final int __NR_fchmodat = 53;

  /**
   * {@code fchownat(int dfd, const char __user *filename, uid_t user, gid_t group, int flag)}.
   */
  public static final int __NR_fchownat = 54;

  /**
   * {@code fchown(unsigned int fd, uid_t user, gid_t group)}.
   */
  public static final int __NR_fchown = 55;

  /**
   * {@code openat(int dfd, const char __user *filename, int flags, umode_t mode)}.
   */
  public static final int __NR_openat = 56;

  /**
   * {@code close(unsigned int fd)}.
   */
  public static final int __NR_close = 57;

  /**
   * {@code vhangup()}.
   */
  public static final int __NR_vhangup = 58;

  /**
   * {@code pipe2(int __user *fildes, int flags)}.
   */
  public static final int __NR_pipe2 = 59;

  /**
   * {@code quotactl(unsigned int cmd, const char __user *special, qid_t id, void __user *addr)}.
   */
  public static final int __NR_quotactl = 60;

  /**
   * {@code getdents64(unsigned int fd, struct linux_dirent64 __user *dirent, unsigned int count)}.
   */
  public static final int __NR_getdents64 = 61;

  /**
   * {@code lseek(unsigned int fd, off_t offset, unsigned int whence)}.
   */
  public static final int __NR_lseek = 62;

  /**
   * {@code read(unsigned int fd, char __user *buf, size_t count)}.
   */
  public static final int __NR_read = 63;

  /**
   * {@code write(unsigned int fd, const char __user *buf, size_t count)}.
   */
  public static final int __NR_write = 64;

  /**
   * {@code readv(unsigned long fd, const struct iovec __user *vec, unsigned long vlen)}.
   */
  public static final int __NR_readv = 65;

  /**
   * {@code writev(unsigned long fd, const struct iovec __user *vec, unsigned long vlen)}.
   */
  public static final int __NR_writev = 66;

  /**
   * {@code pread64(unsigned int fd, char __user *buf, size_t count, loff_t pos)}.
   */
  public static final int __NR_pread64 = 67;

  /**
   * {@code pwrite64(unsigned int fd, const char __user *buf, size_t count, loff_t pos)}.
   */
  public static final int __NR_pwrite64 = 68;

  /**
   * {@code preadv(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h)}.
   */
  public static final int __NR_preadv = 69;

  /**
   * {@code pwritev(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h)}.
   */
  public static final int __NR_pwritev = 70;

  /**
   * {@code sendfile(int out_fd, int in_fd, loff_t __user *offset, size_t count)}.
   */
  public static final int __NR_sendfile = 71;

  /**
   * {@code pselect6(int n, fd_set __user *inp, fd_set __user *outp, fd_set __user *exp, struct __kernel_timespec __user *tsp, void __user *sig)}.
   */
  public static final int __NR_pselect6 = 72;

  /**
   * {@code ppoll(struct pollfd __user *ufds, unsigned int nfds, struct __kernel_timespec __user *tsp, const sigset_t __user *sigmask, size_t sigsetsize)}.
   */
  public static final int __NR_ppoll = 73;

  /**
   * {@code signalfd4(int ufd, sigset_t __user *user_mask, size_t sizemask, int flags)}.
   */
  public static final int __NR_signalfd4 = 74;

  /**
   * {@code vmsplice(int fd, const struct iovec __user *uiov, unsigned long nr_segs, unsigned int flags)}.
   */
  public static final int __NR_vmsplice = 75;

  /**
   * {@code splice(int fd_in, loff_t __user *off_in, int fd_out, loff_t __user *off_out, size_t len, unsigned int flags)}.
   */
  public static final int __NR_splice = 76;

  /**
   * {@code tee(int fdin, int fdout, size_t len, unsigned int flags)}.
   */
  public static final int __NR_tee = 77;

  /**
   * {@code readlinkat(int dfd, const char __user *pathname, char __user *buf, int bufsiz)}.
   */
  public static final int __NR_readlinkat = 78;

  /**
   * {@code newfstatat(int dfd, const char __user *filename, struct stat __user *statbuf, int flag)}.
   */
  public static final int __NR_newfstatat = 79;

  /**
   * {@code fstat(unsigned int fd, struct stat __user *statbuf)}.
   */
  public static final int __NR_fstat = 80;

  /**
   * {@code sync()}.
   */
  public static final int __NR_sync = 81;

  /**
   * {@code fsync(unsigned int fd)}.
   */
  public static final int __NR_fsync = 82;

  /**
   * {@code fdatasync(unsigned int fd)}.
   */
  public static final int __NR_fdatasync = 83;

  /**
   * {@code sync_file_range(int fd, loff_t offset, loff_t nbytes, unsigned int flags)}.
   */
  public static final int __NR_sync_file_range = 84;

  /**
   * {@code timerfd_create(int clockid, int flags)}.
   */
  public static final int __NR_timerfd_create = 85;

  /**
   * {@code timerfd_settime(int ufd, int flags, const struct __kernel_itimerspec __user *utmr, struct __kernel_itimerspec __user *otmr)}.
   */
  public static final int __NR_timerfd_settime = 86;

  /**
   * {@code timerfd_gettime(int ufd, struct __kernel_itimerspec __user *otmr)}.
   */
  public static final int __NR_timerfd_gettime = 87;

  /**
   * {@code utimensat(int dfd, const char __user *filename, struct __kernel_timespec __user *utimes, int flags)}.
   */
  public static final int __NR_utimensat = 88;

  /**
   * {@code acct(const char __user *name)}.
   */
  public static final int __NR_acct = 89;

  /**
   * {@code capget(cap_user_header_t header, cap_user_data_t dataptr)}.
   */
  public static final int __NR_capget = 90;

  /**
   * {@code capset(cap_user_header_t header, cap_user_data_t data)}.
   */
  public static final int __NR_capset = 91;

  /**
   * {@code personality(unsigned int personality)}.
   */
  public static final int __NR_personality = 92;

  /**
   * {@code exit(int error_code)}.
   */
  public static final int __NR_exit = 93;

  /**
   * {@code exit_group(int error_code)}.
   */
  public static final int __NR_exit_group = 94;

  /**
   * {@code waitid(int which, pid_t upid, struct siginfo __user *infop, int options, struct rusage __user *ru)}.
   */
  public static final int __NR_waitid = 95;

  /**
   * {@code set_tid_address(int __user *tidptr)}.
   */
  public static final int __NR_set_tid_address = 96;

  /**
   * {@code unshare(unsigned long unshare_flags)}.
   */
  public static final int __NR_unshare = 97;

  /**
   * {@code futex(u32 __user *uaddr, int op, u32 val, const struct __kernel_timespec __user *utime, u32 __user *uaddr2, u32 val3)}.
   */
  public static final int __NR_futex = 98;

  /**
   * {@code set_robust_list(struct robust_list_head __user *head, size_t len)}.
   */
  public static final int __NR_set_robust_list = 99;

  /**
   * {@code get_robust_list(int pid, struct robust_list_head __user * __user *head_ptr, size_t __user *len_ptr)}.
   */
  public static final int __NR_get_robust_list = 100;

  /**
   * {@code nanosleep(struct __kernel_timespec __user *rqtp, struct __kernel_timespec __user *rmtp)}.
   */
  public static final int __NR_nanosleep = 101;

  /**
   * {@code getitimer(int which, struct __kernel_old_itimerval __user *value)}.
   */
  public static final int __NR_getitimer = 102;

  /**
   * {@code setitimer(int which, struct __kernel_old_itimerval __user *value, struct __kernel_old_itimerval __user *ovalue)}.
   */
  public static final int __NR_setitimer = 103;

  /**
   * {@code kexec_load(unsigned long entry, unsigned long nr_segments, struct kexec_segment __user *segments, unsigned long flags)}.
   */
  public static final int __NR_kexec_load = 104;

  /**
   * {@code init_module(void __user *umod, unsigned long len, const char __user *uargs)}.
   */
  public static final int __NR_init_module = 105;

  /**
   * {@code delete_module(const char __user *name_user, unsigned int flags)}.
   */
  public static final int __NR_delete_module = 106;

  /**
   * {@code timer_create(clockid_t which_clock, struct sigevent __user *timer_event_spec, timer_t __user *created_timer_id)}.
   */
  public static final int __NR_timer_create = 107;

  /**
   * {@code timer_gettime(timer_t timer_id, struct __kernel_itimerspec __user *setting)}.
   */
  public static final int __NR_timer_gettime = 108;

  /**
   * {@code timer_getoverrun(timer_t timer_id)}.
   */
  public static final int __NR_timer_getoverrun = 109;

  /**
   * {@code timer_settime(timer_t timer_id, int flags, const struct __kernel_itimerspec __user *new_setting, struct __kernel_itimerspec __user *old_setting)}.
   */
  public static final int __NR_timer_settime = 110;

  /**
   * {@code timer_delete(timer_t timer_id)}.
   */
  public static final int __NR_timer_delete = 111;

  /**
   * {@code clock_settime(clockid_t which_clock, const struct __kernel_timespec __user *tp)}.
   */
  public static final int __NR_clock_settime = 112;

  /**
   * {@code clock_gettime(clockid_t which_clock, struct __kernel_timespec __user *tp)}.
   */
  public static final int __NR_clock_gettime = 113;

  /**
   * {@code clock_getres(clockid_t which_clock, struct __kernel_timespec __user *tp)}.
   */
  public static final int __NR_clock_getres = 114;

  /**
   * {@code clock_nanosleep(clockid_t which_clock, int flags, const struct __kernel_timespec __user *rqtp, struct __kernel_timespec __user *rmtp)}.
   */
  public static final int __NR_clock_nanosleep = 115;

  /**
   * {@code syslog(int type, char __user *buf, int len)}.
   */
  public static final int __NR_syslog = 116;

  /**
   * {@code ptrace(long request, long pid, unsigned long addr, unsigned long data)}.
   */
  public static final int __NR_ptrace = 117;

  /**
   * {@code sched_setparam(pid_t pid, struct sched_param __user *param)}.
   */
  public static final int __NR_sched_setparam = 118;

  /**
   * {@code sched_setscheduler(pid_t pid, int policy, struct sched_param __user *param)}.
   */
  public static final int __NR_sched_setscheduler = 119;

  /**
   * {@code sched_getscheduler(pid_t pid)}.
   */
  public static final int __NR_sched_getscheduler = 120;

  /**
   * {@code sched_getparam(pid_t pid, struct sched_param __user *param)}.
   */
  public static final int __NR_sched_getparam = 121;

  /**
   * {@code sched_setaffinity(pid_t pid, unsigned int len, unsigned long __user *user_mask_ptr)}.
   */
  public static final int __NR_sched_setaffinity = 122;

  /**
   * {@code sched_getaffinity(pid_t pid, unsigned int len, unsigned long __user *user_mask_ptr)}.
   */
  public static final int __NR_sched_getaffinity = 123;

  /**
   * {@code sched_yield()}.
   */
  public static final int __NR_sched_yield = 124;

  /**
   * {@code sched_get_priority_max(int policy)}.
   */
  public static final int __NR_sched_get_priority_max = 125;

  /**
   * {@code sched_get_priority_min(int policy)}.
   */
  public static final int __NR_sched_get_priority_min = 126;

  /**
   * {@code sched_rr_get_interval(pid_t pid, struct __kernel_timespec __user *interval)}.
   */
  public static final int __NR_sched_rr_get_interval = 127;

  /**
   * {@code restart_syscall()}.
   */
  public static final int __NR_restart_syscall = 128;

  /**
   * {@code kill(pid_t pid, int sig)}.
   */
  public static final int __NR_kill = 129;

  /**
   * {@code tkill(pid_t pid, int sig)}.
   */
  public static final int __NR_tkill = 130;

  /**
   * {@code tgkill(pid_t tgid, pid_t pid, int sig)}.
   */
  public static final int __NR_tgkill = 131;

  /**
   * {@code sigaltstack(const stack_t __user *uss, stack_t __user *uoss)}.
   */
  public static final int __NR_sigaltstack = 132;

  /**
   * {@code rt_sigsuspend(sigset_t __user *unewset, size_t sigsetsize)}.
   */
  public static final int __NR_rt_sigsuspend = 133;

  /**
   * {@code rt_sigaction(int sig, const struct sigaction __user *act, struct sigaction __user *oact, size_t sigsetsize)}.
   */
  public static final int __NR_rt_sigaction = 134;

  /**
   * {@code rt_sigprocmask(int how, sigset_t __user *nset, sigset_t __user *oset, size_t sigsetsize)}.
   */
  public static final int __NR_rt_sigprocmask = 135;

  /**
   * {@code rt_sigpending(sigset_t __user *uset, size_t sigsetsize)}.
   */
  public static final int __NR_rt_sigpending = 136;

  /**
   * {@code rt_sigtimedwait(const sigset_t __user *uthese, siginfo_t __user *uinfo, const struct __kernel_timespec __user *uts, size_t sigsetsize)}.
   */
  public static final int __NR_rt_sigtimedwait = 137;

  /**
   * {@code rt_sigqueueinfo(pid_t pid, int sig, siginfo_t __user *uinfo)}.
   */
  public static final int __NR_rt_sigqueueinfo = 138;

  /**
   * {@code rt_sigreturn()}.
   */
  public static final int __NR_rt_sigreturn = 139;

  /**
   * {@code setpriority(int which, int who, int niceval)}.
   */
  public static final int __NR_setpriority = 140;

  /**
   * {@code getpriority(int which, int who)}.
   */
  public static final int __NR_getpriority = 141;

  /**
   * {@code reboot(int magic1, int magic2, unsigned int cmd, void __user *arg)}.
   */
  public static final int __NR_reboot = 142;

  /**
   * {@code setregid(gid_t rgid, gid_t egid)}.
   */
  public static final int __NR_setregid = 143;

  /**
   * {@code setgid(gid_t gid)}.
   */
  public static final int __NR_setgid = 144;

  /**
   * {@code setreuid(uid_t ruid, uid_t euid)}.
   */
  public static final int __NR_setreuid = 145;

  /**
   * {@code setuid(uid_t uid)}.
   */
  public static final int __NR_setuid = 146;

  /**
   * {@code setresuid(uid_t ruid, uid_t euid, uid_t suid)}.
   */
  public static final int __NR_setresuid = 147;

  /**
   * {@code getresuid(uid_t __user *ruidp, uid_t __user *euidp, uid_t __user *suidp)}.
   */
  public static final int __NR_getresuid = 148;

  /**
   * {@code setresgid(gid_t rgid, gid_t egid, gid_t sgid)}.
   */
  public static final int __NR_setresgid = 149;

  /**
   * {@code getresgid(gid_t __user *rgidp, gid_t __user *egidp, gid_t __user *sgidp)}.
   */
  public static final int __NR_getresgid = 150;

  /**
   * {@code setfsuid(uid_t uid)}.
   */
  public static final int __NR_setfsuid = 151;

  /**
   * {@code setfsgid(gid_t gid)}.
   */
  public static final int __NR_setfsgid = 152;

  /**
   * {@code times(struct tms __user *tbuf)}.
   */
  public static final int __NR_times = 153;

  /**
   * {@code setpgid(pid_t pid, pid_t pgid)}.
   */
  public static final int __NR_setpgid = 154;

  /**
   * {@code getpgid(pid_t pid)}.
   */
  public static final int __NR_getpgid = 155;

  /**
   * {@code getsid(pid_t pid)}.
   */
  public static final int __NR_getsid = 156;

  /**
   * {@code setsid()}.
   */
  public static final int __NR_setsid = 157;

  /**
   * {@code getgroups(int gidsetsize, gid_t __user *grouplist)}.
   */
  public static final int __NR_getgroups = 158;

  /**
   * {@code setgroups(int gidsetsize, gid_t __user *grouplist)}.
   */
  public static final int __NR_setgroups = 159;

  /**
   * {@code uname(struct new_utsname __user *name)}.
   */
  public static final int __NR_uname = 160;

  /**
   * {@code sethostname(char __user *name, int len)}.
   */
  public static final int __NR_sethostname = 161;

  /**
   * {@code setdomainname(char __user *name, int len)}.
   */
  public static final int __NR_setdomainname = 162;

  /**
   * {@code getrlimit(unsigned int resource, struct rlimit __user *rlim)}.
   */
  public static final int __NR_getrlimit = 163;

  /**
   * {@code setrlimit(unsigned int resource, struct rlimit __user *rlim)}.
   */
  public static final int __NR_setrlimit = 164;

  /**
   * {@code getrusage(int who, struct rusage __user *ru)}.
   */
  public static final int __NR_getrusage = 165;

  /**
   * {@code umask(int mask)}.
   */
  public static final int __NR_umask = 166;

  /**
   * {@code prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)}.
   */
  public static final int __NR_prctl = 167;

  /**
   * {@code getcpu(unsigned int __user *cpup, unsigned int __user *nodep, struct getcpu_cache __user *unused)}.
   */
  public static final int __NR_getcpu = 168;

  /**
   * {@code gettimeofday(struct __kernel_old_timeval __user *tv, struct timezone __user *tz)}.
   */
  public static final int __NR_gettimeofday = 169;

  /**
   * {@code settimeofday(struct __kernel_old_timeval __user *tv, struct timezone __user *tz)}.
   */
  public static final int __NR_settimeofday = 170;

  /**
   * {@code adjtimex(struct __kernel_timex __user *txc_p)}.
   */
  public static final int __NR_adjtimex = 171;

  /**
   * {@code getpid()}.
   */
  public static final int __NR_getpid = 172;

  /**
   * {@code getppid()}.
   */
  public static final int __NR_getppid = 173;

  /**
   * {@code getuid()}.
   */
  public static final int __NR_getuid = 174;

  /**
   * {@code geteuid()}.
   */
  public static final int __NR_geteuid = 175;

  /**
   * {@code getgid()}.
   */
  public static final int __NR_getgid = 176;

  /**
   * {@code getegid()}.
   */
  public static final int __NR_getegid = 177;

  /**
   * {@code gettid()}.
   */
  public static final int __NR_gettid = 178;

  /**
   * {@code sysinfo(struct sysinfo __user *info)}.
   */
  public static final int __NR_sysinfo = 179;

  /**
   * {@code mq_open(const char __user *u_name, int oflag, umode_t mode, struct mq_attr __user *u_attr)}.
   */
  public static final int __NR_mq_open = 180;

  /**
   * {@code mq_unlink(const char __user *u_name)}.
   */
  public static final int __NR_mq_unlink = 181;

  /**
   * {@code mq_timedsend(mqd_t mqdes, const char __user *u_msg_ptr, size_t msg_len, unsigned int msg_prio, const struct __kernel_timespec __user *u_abs_timeout)}.
   */
  public static final int __NR_mq_timedsend = 182;

  /**
   * {@code mq_timedreceive(mqd_t mqdes, char __user *u_msg_ptr, size_t msg_len, unsigned int __user *u_msg_prio, const struct __kernel_timespec __user *u_abs_timeout)}.
   */
  public static final int __NR_mq_timedreceive = 183;

  /**
   * {@code mq_notify(mqd_t mqdes, const struct sigevent __user *u_notification)}.
   */
  public static final int __NR_mq_notify = 184;

  /**
   * {@code mq_getsetattr(mqd_t mqdes, const struct mq_attr __user *u_mqstat, struct mq_attr __user *u_omqstat)}.
   */
  public static final int __NR_mq_getsetattr = 185;

  /**
   * {@code msgget(key_t key, int msgflg)}.
   */
  public static final int __NR_msgget = 186;

  /**
   * {@code msgctl(int msqid, int cmd, struct msqid_ds __user *buf)}.
   */
  public static final int __NR_msgctl = 187;

  /**
   * {@code msgrcv(int msqid, struct msgbuf __user *msgp, size_t msgsz, long msgtyp, int msgflg)}.
   */
  public static final int __NR_msgrcv = 188;

  /**
   * {@code msgsnd(int msqid, struct msgbuf __user *msgp, size_t msgsz, int msgflg)}.
   */
  public static final int __NR_msgsnd = 189;

  /**
   * {@code semget(key_t key, int nsems, int semflg)}.
   */
  public static final int __NR_semget = 190;

  /**
   * {@code semctl(int semid, int semnum, int cmd, unsigned long arg)}.
   */
  public static final int __NR_semctl = 191;

  /**
   * {@code semtimedop(int semid, struct sembuf __user *tsops, unsigned int nsops, const struct __kernel_timespec __user *timeout)}.
   */
  public static final int __NR_semtimedop = 192;

  /**
   * {@code semop(int semid, struct sembuf __user *tsops, unsigned int nsops)}.
   */
  public static final int __NR_semop = 193;

  /**
   * {@code shmget(key_t key, size_t size, int shmflg)}.
   */
  public static final int __NR_shmget = 194;

  /**
   * {@code shmctl(int shmid, int cmd, struct shmid_ds __user *buf)}.
   */
  public static final int __NR_shmctl = 195;

  /**
   * {@code shmat(int shmid, char __user *shmaddr, int shmflg)}.
   */
  public static final int __NR_shmat = 196;

  /**
   * {@code shmdt(char __user *shmaddr)}.
   */
  public static final int __NR_shmdt = 197;

  /**
   * {@code socket(int family, int type, int protocol)}.
   */
  public static final int __NR_socket = 198;

  /**
   * {@code socketpair(int family, int type, int protocol, int __user *usockvec)}.
   */
  public static final int __NR_socketpair = 199;

  /**
   * {@code bind(int fd, struct sockaddr __user *umyaddr, int addrlen)}.
   */
  public static final int __NR_bind = 200;

  /**
   * {@code listen(int fd, int backlog)}.
   */
  public static final int __NR_listen = 201;

  /**
   * {@code accept(int fd, struct sockaddr __user *upeer_sockaddr, int __user *upeer_addrlen)}.
   */
  public static final int __NR_accept = 202;

  /**
   * {@code connect(int fd, struct sockaddr __user *uservaddr, int addrlen)}.
   */
  public static final int __NR_connect = 203;

  /**
   * {@code getsockname(int fd, struct sockaddr __user *usockaddr, int __user *usockaddr_len)}.
   */
  public static final int __NR_getsockname = 204;

  /**
   * {@code getpeername(int fd, struct sockaddr __user *usockaddr, int __user *usockaddr_len)}.
   */
  public static final int __NR_getpeername = 205;

  /**
   * {@code sendto(int fd, void __user *buff, size_t len, unsigned int flags, struct sockaddr __user *addr, int addr_len)}.
   */
  public static final int __NR_sendto = 206;

  /**
   * {@code recvfrom(int fd, void __user *ubuf, size_t size, unsigned int flags, struct sockaddr __user *addr, int __user *addr_len)}.
   */
  public static final int __NR_recvfrom = 207;

  /**
   * {@code setsockopt(int fd, int level, int optname, char __user *optval, int optlen)}.
   */
  public static final int __NR_setsockopt = 208;

  /**
   * {@code getsockopt(int fd, int level, int optname, char __user *optval, int __user *optlen)}.
   */
  public static final int __NR_getsockopt = 209;

  /**
   * {@code shutdown(int fd, int how)}.
   */
  public static final int __NR_shutdown = 210;

  /**
   * {@code sendmsg(int fd, struct user_msghdr __user *msg, unsigned int flags)}.
   */
  public static final int __NR_sendmsg = 211;

  /**
   * {@code recvmsg(int fd, struct user_msghdr __user *msg, unsigned int flags)}.
   */
  public static final int __NR_recvmsg = 212;

  /**
   * {@code readahead(int fd, loff_t offset, size_t count)}.
   */
  public static final int __NR_readahead = 213;

  /**
   * {@code brk(unsigned long brk)}.
   */
  public static final int __NR_brk = 214;

  /**
   * {@code munmap(unsigned long addr, size_t len)}.
   */
  public static final int __NR_munmap = 215;

  /**
   * {@code mremap(unsigned long addr, unsigned long old_len, unsigned long new_len, unsigned long flags, unsigned long new_addr)}.
   */
  public static final int __NR_mremap = 216;

  /**
   * {@code add_key(const char __user *_type, const char __user *_description, const void __user *_payload, size_t plen, key_serial_t ringid)}.
   */
  public static final int __NR_add_key = 217;

  /**
   * {@code request_key(const char __user *_type, const char __user *_description, const char __user *_callout_info, key_serial_t destringid)}.
   */
  public static final int __NR_request_key = 218;

  /**
   * {@code keyctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)}.
   */
  public static final int __NR_keyctl = 219;

  /**
   * {@code clone(unsigned long clone_flags, unsigned long newsp, int __user *parent_tidptr, unsigned long tls, int __user *child_tidptr)}.
   */
  public static final int __NR_clone = 220;

  /**
   * {@code execve(const char __user *filename, const char __user * const __user *argv, const char __user * const __user *envp)}.
   */
  public static final int __NR_execve = 221;

  /**
   * {@code mmap(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, unsigned long off)}.
   */
  public static final int __NR_mmap = 222;

  /**
   * {@code fadvise64(int fd, loff_t offset, loff_t len, int advice)}.
   */
  public static final int __NR_fadvise64 = 223;

  /**
   * {@code swapon(const char __user *specialfile, int swap_flags)}.
   */
  public static final int __NR_swapon = 224;

  /**
   * {@code swapoff(const char __user *specialfile)}.
   */
  public static final int __NR_swapoff = 225;

  /**
   * {@code mprotect(unsigned long start, size_t len, unsigned long prot)}.
   */
  public static final int __NR_mprotect = 226;

  /**
   * {@code msync(unsigned long start, size_t len, int flags)}.
   */
  public static final int __NR_msync = 227;

  /**
   * {@code mlock(unsigned long start, size_t len)}.
   */
  public static final int __NR_mlock = 228;

  /**
   * {@code munlock(unsigned long start, size_t len)}.
   */
  public static final int __NR_munlock = 229;

  /**
   * {@code mlockall(int flags)}.
   */
  public static final int __NR_mlockall = 230;

  /**
   * {@code munlockall()}.
   */
  public static final int __NR_munlockall = 231;

  /**
   * {@code mincore(unsigned long start, size_t len, unsigned char __user *vec)}.
   */
  public static final int __NR_mincore = 232;

  /**
   * {@code madvise(unsigned long start, size_t len_in, int behavior)}.
   */
  public static final int __NR_madvise = 233;

  /**
   * {@code remap_file_pages(unsigned long start, unsigned long size, unsigned long prot, unsigned long pgoff, unsigned long flags)}.
   */
  public static final int __NR_remap_file_pages = 234;

  /**
   * {@code mbind(unsigned long start, unsigned long len, unsigned long mode, const unsigned long __user *nmask, unsigned long maxnode, unsigned int flags)}.
   */
  public static final int __NR_mbind = 235;

  /**
   * {@code get_mempolicy(int __user *policy, unsigned long __user *nmask, unsigned long maxnode, unsigned long addr, unsigned long flags)}.
   */
  public static final int __NR_get_mempolicy = 236;

  /**
   * {@code set_mempolicy(int mode, const unsigned long __user *nmask, unsigned long maxnode)}.
   */
  public static final int __NR_set_mempolicy = 237;

  /**
   * {@code migrate_pages(pid_t pid, unsigned long maxnode, const unsigned long __user *old_nodes, const unsigned long __user *new_nodes)}.
   */
  public static final int __NR_migrate_pages = 238;

  /**
   * {@code move_pages(pid_t pid, unsigned long nr_pages, const void __user * __user *pages, const int __user *nodes, int __user *status, int flags)}.
   */
  public static final int __NR_move_pages = 239;

  /**
   * {@code rt_tgsigqueueinfo(pid_t tgid, pid_t pid, int sig, siginfo_t __user *uinfo)}.
   */
  public static final int __NR_rt_tgsigqueueinfo = 240;

  /**
   * {@code perf_event_open(struct perf_event_attr __user *attr_uptr, pid_t pid, int cpu, int group_fd, unsigned long flags)}.
   */
  public static final int __NR_perf_event_open = 241;

  /**
   * {@code accept4(int fd, struct sockaddr __user *upeer_sockaddr, int __user *upeer_addrlen, int flags)}.
   */
  public static final int __NR_accept4 = 242;

  /**
   * {@code recvmmsg(int fd, struct mmsghdr __user *mmsg, unsigned int vlen, unsigned int flags, struct __kernel_timespec __user *timeout)}.
   */
  public static final int __NR_recvmmsg = 243;

  /**
   * {@code wait4(pid_t upid, int __user *stat_addr, int options, struct rusage __user *ru)}.
   */
  public static final int __NR_wait4 = 260;

  /**
   * {@code prlimit64(pid_t pid, unsigned int resource, const struct rlimit64 __user *new_rlim, struct rlimit64 __user *old_rlim)}.
   */
  public static final int __NR_prlimit64 = 261;

  /**
   * {@code fanotify_init(unsigned int flags, unsigned int event_f_flags)}.
   */
  public static final int __NR_fanotify_init = 262;

  /**
   * {@code fanotify_mark(int fanotify_fd, unsigned int flags, __u64 mask, int dfd, const char __user *pathname)}.
   */
  public static final int __NR_fanotify_mark = 263;

  /**
   * {@code name_to_handle_at(int dfd, const char __user *name, struct file_handle __user *handle, void __user *mnt_id, int flag)}.
   */
  public static final int __NR_name_to_handle_at = 264;

  /**
   * {@code open_by_handle_at(int mountdirfd, struct file_handle __user *handle, int flags)}.
   */
  public static final int __NR_open_by_handle_at = 265;

  /**
   * {@code clock_adjtime(clockid_t which_clock, struct __kernel_timex __user *utx)}.
   */
  public static final int __NR_clock_adjtime = 266;

  /**
   * {@code syncfs(int fd)}.
   */
  public static final int __NR_syncfs = 267;

  /**
   * {@code setns(int fd, int flags)}.
   */
  public static final int __NR_setns = 268;

  /**
   * {@code sendmmsg(int fd, struct mmsghdr __user *mmsg, unsigned int vlen, unsigned int flags)}.
   */
  public static final int __NR_sendmmsg = 269;

  /**
   * {@code process_vm_readv(pid_t pid, const struct iovec __user *lvec, unsigned long liovcnt, const struct iovec __user *rvec, unsigned long riovcnt, unsigned long flags)}.
   */
  public static final int __NR_process_vm_readv = 270;

  /**
   * {@code process_vm_writev(pid_t pid, const struct iovec __user *lvec, unsigned long liovcnt, const struct iovec __user *rvec, unsigned long riovcnt, unsigned long flags)}.
   */
  public static final int __NR_process_vm_writev = 271;

  /**
   * {@code kcmp(pid_t pid1, pid_t pid2, int type, unsigned long idx1, unsigned long idx2)}.
   */
  public static final int __NR_kcmp = 272;

  /**
   * {@code finit_module(int fd, const char __user *uargs, int flags)}.
   */
  public static final int __NR_finit_module = 273;

  /**
   * {@code sched_setattr(pid_t pid, struct sched_attr __user *uattr, unsigned int flags)}.
   */
  public static final int __NR_sched_setattr = 274;

  /**
   * {@code sched_getattr(pid_t pid, struct sched_attr __user *uattr, unsigned int usize, unsigned int flags)}.
   */
  public static final int __NR_sched_getattr = 275;

  /**
   * {@code renameat2(int olddfd, const char __user *oldname, int newdfd, const char __user *newname, unsigned int flags)}.
   */
  public static final int __NR_renameat2 = 276;

  /**
   * {@code seccomp(unsigned int op, unsigned int flags, void __user *uargs)}.
   */
  public static final int __NR_seccomp = 277;

  /**
   * {@code getrandom(char __user *ubuf, size_t len, unsigned int flags)}.
   */
  public static final int __NR_getrandom = 278;

  /**
   * {@code memfd_create(const char __user *uname, unsigned int flags)}.
   */
  public static final int __NR_memfd_create = 279;

  /**
   * {@code bpf(int cmd, union bpf_attr __user *uattr, unsigned int size)}.
   */
  public static final int __NR_bpf = 280;

  /**
   * {@code execveat(int fd, const char __user *filename, const char __user * const __user *argv, const char __user * const __user *envp, int flags)}.
   */
  public static final int __NR_execveat = 281;

  /**
   * {@code userfaultfd(int flags)}.
   */
  public static final int __NR_userfaultfd = 282;

  /**
   * {@code membarrier(int cmd, unsigned int flags, int cpu_id)}.
   */
  public static final int __NR_membarrier = 283;

  /**
   * {@code mlock2(unsigned long start, size_t len, int flags)}.
   */
  public static final int __NR_mlock2 = 284;

  /**
   * {@code copy_file_range(int fd_in, loff_t __user *off_in, int fd_out, loff_t __user *off_out, size_t len, unsigned int flags)}.
   */
  public static final int __NR_copy_file_range = 285;

  /**
   * {@code preadv2(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h, rwf_t flags)}.
   */
  public static final int __NR_preadv2 = 286;

  /**
   * {@code pwritev2(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h, rwf_t flags)}.
   */
  public static final int __NR_pwritev2 = 287;

  /**
   * {@code pkey_mprotect(unsigned long start, size_t len, unsigned long prot, int pkey)}.
   */
  public static final int __NR_pkey_mprotect = 288;

  /**
   * {@code pkey_alloc(unsigned long flags, unsigned long init_val)}.
   */
  public static final int __NR_pkey_alloc = 289;

  /**
   * {@code pkey_free(int pkey)}.
   */
  public static final int __NR_pkey_free = 290;

  /**
   * {@code statx(int dfd, const char __user *filename, unsigned int flags, unsigned int mask, struct statx __user *buffer)}.
   */
  public static final int __NR_statx = 291;

  /**
   * {@code io_pgetevents(aio_context_t ctx_id, long min_nr, long nr, struct io_event __user *events, struct __kernel_timespec __user *timeout, const struct __aio_sigset __user *usig)}.
   */
  public static final int __NR_io_pgetevents = 292;

  /**
   * {@code rseq(struct rseq __user *rseq, u32 rseq_len, int flags, u32 sig)}.
   */
  public static final int __NR_rseq = 293;

  /**
   * {@code kexec_file_load(int kernel_fd, int initrd_fd, unsigned long cmdline_len, const char __user *cmdline_ptr, unsigned long flags)}.
   */
  public static final int __NR_kexec_file_load = 294;

  /**
   * {@code pidfd_send_signal(int pidfd, int sig, siginfo_t __user *info, unsigned int flags)}.
   */
  public static final int __NR_pidfd_send_signal = 424;

  /**
   * {@code io_uring_setup(u32 entries, struct io_uring_params __user *params)}.
   */
  public static final int __NR_io_uring_setup = 425;

  /**
   * {@code io_uring_enter(unsigned int fd, u32 to_submit, u32 min_complete, u32 flags, const void __user *argp, size_t argsz)}.
   */
  public static final int __NR_io_uring_enter = 426;

  /**
   * {@code io_uring_register(unsigned int fd, unsigned int opcode, void __user *arg, unsigned int nr_args)}.
   */
  public static final int __NR_io_uring_register = 427;

  /**
   * {@code open_tree(int dfd, const char __user *filename, unsigned int flags)}.
   */
  public static final int __NR_open_tree = 428;

  /**
   * {@code move_mount(int from_dfd, const char __user *from_pathname, int to_dfd, const char __user *to_pathname, unsigned int flags)}.
   */
  public static final int __NR_move_mount = 429;

  /**
   * {@code fsopen(const char __user *_fs_name, unsigned int flags)}.
   */
  public static final int __NR_fsopen = 430;

  /**
   * {@code fsconfig(int fd, unsigned int cmd, const char __user *_key, const void __user *_value, int aux)}.
   */
  public static final int __NR_fsconfig = 431;

  /**
   * {@code fsmount(int fs_fd, unsigned int flags, unsigned int attr_flags)}.
   */
  public static final int __NR_fsmount = 432;

  /**
   * {@code fspick(int dfd, const char __user *path, unsigned int flags)}.
   */
  public static final int __NR_fspick = 433;

  /**
   * {@code pidfd_open(pid_t pid, unsigned int flags)}.
   */
  public static final int __NR_pidfd_open = 434;

  /**
   * {@code clone3(struct clone_args __user *uargs, size_t size)}.
   */
  public static final int __NR_clone3 = 435;

  /**
   * {@code close_range(unsigned int fd, unsigned int max_fd, unsigned int flags)}.
   */
  public static final int __NR_close_range = 436;

  /**
   * {@code openat2(int dfd, const char __user *filename, struct open_how __user *how, size_t usize)}.
   */
  public static final int __NR_openat2 = 437;

  /**
   * {@code pidfd_getfd(int pidfd, int fd, unsigned int flags)}.
   */
  public static final int __NR_pidfd_getfd = 438;

  /**
   * {@code faccessat2(int dfd, const char __user *filename, int mode, int flags)}.
   */
  public static final int __NR_faccessat2 = 439;

  /**
   * {@code process_madvise(int pidfd, const struct iovec __user *vec, size_t vlen, int behavior, unsigned int flags)}.
   */
  public static final int __NR_process_madvise = 440;

  /**
   * {@code epoll_pwait2(int epfd, struct epoll_event __user *events, int maxevents, const struct __kernel_timespec __user *timeout, const sigset_t __user *sigmask, size_t sigsetsize)}.
   */
  public static final int __NR_epoll_pwait2 = 441;

  /**
   * {@code mount_setattr(int dfd, const char __user *path, unsigned int flags, struct mount_attr __user *uattr, size_t usize)}.
   */
  public static final int __NR_mount_setattr = 442;

  /**
   * {@code quotactl_fd(unsigned int fd, unsigned int cmd, qid_t id, void __user *addr)}.
   */
  public static final int __NR_quotactl_fd = 443;

  /**
   * {@code landlock_create_ruleset(const struct landlock_ruleset_attr __user *attr, size_t size, __u32 flags)}.
   */
  public static final int __NR_landlock_create_ruleset = 444;

  /**
   * {@code landlock_add_rule(int ruleset_fd, enum landlock_rule_type rule_type, const void __user *rule_attr, __u32 flags)}.
   */
  public static final int __NR_landlock_add_rule = 445;

  /**
   * {@code landlock_restrict_self(int ruleset_fd, __u32 flags)}.
   */
  public static final int __NR_landlock_restrict_self = 446;

  /**
   * {@code memfd_secret(unsigned int flags)}.
   */
  public static final int __NR_memfd_secret = 447;

  /**
   * {@code process_mrelease(int pidfd, unsigned int flags)}.
   */
  public static final int __NR_process_mrelease = 448;

  /**
   * {@code futex_waitv(struct futex_waitv __user *waiters, unsigned int nr_futexes, unsigned int flags, struct __kernel_timespec __user *timeout, clockid_t clockid)}.
   */
  public static final int __NR_futex_waitv = 449;

  /**
   * {@code set_mempolicy_home_node(unsigned long start, unsigned long len, unsigned long home_node, unsigned long flags)}.
   */
  public static final int __NR_set_mempolicy_home_node = 450;

  /**
   * {@code cachestat(unsigned int fd, struct cachestat_range __user *cstat_range, struct cachestat __user *cstat, unsigned int flags)}.
   */
  public static final int __NR_cachestat = 451;

  /**
   * {@code fchmodat2(int dfd, const char __user *filename, umode_t mode, unsigned int flags)}.
   */
  public static final int __NR_fchmodat2 = 452;

  /**
   * {@code map_shadow_stack(unsigned long addr, unsigned long size, unsigned int flags)}.
   */
  public static final int __NR_map_shadow_stack = 453;

  /**
   * {@code futex_wake(void __user *uaddr, unsigned long mask, int nr, unsigned int flags)}.
   */
  public static final int __NR_futex_wake = 454;

  /**
   * {@code futex_wait(void __user *uaddr, unsigned long val, unsigned long mask, unsigned int flags, struct __kernel_timespec __user *timeout, clockid_t clockid)}.
   */
  public static final int __NR_futex_wait = 455;

  /**
   * {@code futex_requeue(struct futex_waitv __user *waiters, unsigned int flags, int nr_wake, int nr_requeue)}.
   */
  public static final int __NR_futex_requeue = 456;

  /**
   * {@code statmount(const struct mnt_id_req __user *req, struct statmount __user *buf, size_t bufsize, unsigned int flags)}.
   */
  public static final int __NR_statmount = 457;

  /**
   * {@code listmount(const struct mnt_id_req __user *req, u64 __user *mnt_ids, size_t nr_mnt_ids, unsigned int flags)}.
   */
  public static final int __NR_listmount = 458;

  /**
   * {@code lsm_get_self_attr(unsigned int attr, struct lsm_ctx __user *ctx, u32 __user *size, u32 flags)}.
   */
  public static final int __NR_lsm_get_self_attr = 459;

  /**
   * {@code lsm_set_self_attr(unsigned int attr, struct lsm_ctx __user *ctx, u32 size, u32 flags)}.
   */
  public static final int __NR_lsm_set_self_attr = 460;

  /**
   * {@code lsm_list_modules(u64 __user *ids, u32 __user *size, u32 flags)}.
   */
  public static final int __NR_lsm_list_modules = 461;

  /**
   * {@code mseal(unsigned long start, size_t len, unsigned long flags)}.
   */
  public static final int __NR_mseal = 462;

  /**
   * {@code setxattrat(int dfd, const char __user *pathname, unsigned int at_flags, const char __user *name, const struct xattr_args __user *uargs, size_t usize)}.
   */
  public static final int __NR_setxattrat = 463;

  /**
   * {@code getxattrat(int dfd, const char __user *pathname, unsigned int at_flags, const char __user *name, struct xattr_args __user *uargs, size_t usize)}.
   */
  public static final int __NR_getxattrat = 464;

  /**
   * {@code listxattrat(int dfd, const char __user *pathname, unsigned int at_flags, char __user *list, size_t size)}.
   */
  public static final int __NR_listxattrat = 465;

  /**
   * {@code removexattrat(int dfd, const char __user *pathname, unsigned int at_flags, const char __user *name)}.
   */
  public static final int __NR_removexattrat = 466;

  /**
   * {@code open_tree_attr(int dfd, const char __user *filename, unsigned int flags, struct mount_attr __user *uattr, size_t usize)}.
   */
  public static final int __NR_open_tree_attr = 467;

  /**
   * {@code file_getattr(int dfd, const char __user *filename, struct file_attr __user *ufattr, size_t usize, unsigned int at_flags)}.
   */
  public static final int __NR_file_getattr = 468;

  /**
   * {@code file_setattr(int dfd, const char __user *filename, struct file_attr __user *ufattr, size_t usize, unsigned int at_flags)}.
   */
  public static final int __NR_file_setattr = 469;

  /**
   * {@code listns(const struct ns_id_req __user *req, u64 __user *ns_ids, size_t nr_ns_ids, unsigned int flags)}.
   */
  public static final int __NR_listns = 470;

  /**
   * {@code rseq_slice_yield()}.
   */
  public static final int __NR_rseq_slice_yield = 471;

  /**
   * {@code fchroot(int fd, unsigned int flags)}.
   */
  public static final int __NR_fchroot = 472;

  /**
   * {@code greet(const char __user *who, unsigned int flags, void __user *answer, void __user *lengthAt, pid_t pid)}.
   */
  public static final int __NR_greet = 1024;

  /**
   * {@code last_own(int small, int medium, long large)}.
   */
  public static final int __NR_last_own = 1535;

  private DemoTableNumbers() {
  }
}
