/**
 * Numbers and layouts of the arm64 Linux ABI, generated from the pinned kernel data: nothing here
 * is kept by hand. To have one more group or struct, add a line below.
 */
@NullMarked
@AbiConstants(type = "Errno", groups = "errno")
@AbiConstants(type = "InternalErrno", groups = "errno_internal")
@AbiConstants(type = "Signals", groups = "signal")
@AbiConstants(
    type = "Fcntl",
    groups = {
      "open_flags",
      "fcntl_cmd",
      "fcntl_arg",
      "at_flags",
      "flock",
      "access",
      "openat2_resolve",
      "fadvise",
      "splice",
      "sync_file_range",
      "close_range"
    },
    unsignedInts = true)
@AbiConstants(type = "FsConstants", groups = "fs", unsignedInts = true)
@AbiConstants(type = "FsMagic", groups = "fs_magic", unsignedInts = true)
@AbiConstants(
    type = "StatConstants",
    groups = {"stat_mode", "statx", "statfs_flag", "dirent_type"},
    unsignedInts = true)
@AbiConstants(
    type = "MountFlags",
    groups = {"mount", "umount"},
    unsignedInts = true)
@AbiConstants(
    type = "MmapConstants",
    groups = {"mmap", "madvise", "shm"},
    unsignedInts = true)
@AbiConstants(
    type = "SignalConstants",
    groups = {"signal_action", "si_code", "sigevent", "sigframe_magic", "signalfd"},
    unsignedInts = true)
@AbiConstants(
    type = "CloneFlags",
    groups = {"clone", "wait", "pidfd"})
@AbiConstants(type = "FutexConstants", groups = "futex", unsignedInts = true)
@AbiConstants(
    type = "Rlimits",
    groups = {"rlimit", "rusage", "prio"})
@AbiConstants(
    type = "ClockConstants",
    groups = {"clock", "timerfd"})
@AbiConstants(type = "Adjtimex", groups = "adjtimex")
@AbiConstants(type = "Prctl", groups = "prctl", unsignedInts = true)
@AbiConstants(
    type = "Sched",
    groups = {"sched", "membarrier", "rseq"})
@AbiConstants(
    type = "Poll",
    groups = {"poll", "epoll", "eventfd"},
    unsignedInts = true)
@AbiConstants(type = "Ioctl", groups = "ioctl_tty", unsignedInts = true)
@AbiConstants(
    type = "Termios",
    groups = {"termios_cflag", "termios_iflag", "termios_oflag", "termios_lflag", "termios_cc"},
    unsignedInts = true)
@AbiConstants(type = "Auxv", groups = "auxv")
@AbiConstants(type = "Personality", groups = "personality", unsignedInts = true)
@AbiConstants(
    type = "Hwcap",
    groups = {"hwcap", "hwcap2"})
@AbiConstants(type = "Elf", groups = "elf", unsignedInts = true)
@AbiConstants(
    type = "Esr",
    groups = {"esr_ec", "esr_fsc", "esr_field", "vbar_offset", "psr_user"})
@AbiConstants(type = "Inotify", groups = "inotify", unsignedInts = true)
@AbiConstants(type = "Capability", groups = "capability", unsignedInts = true)
@AbiConstants(
    type = "Getrandom",
    groups = {"getrandom", "memfd"},
    unsignedInts = true)
@AbiConstants(
    type = "Socket",
    groups = {"socket_domain", "socket_type", "socket_msg", "socket_opt", "socket_shut"},
    unsignedInts = true)
@AbiConstants(type = "SocketLevel", groups = "socket_level")
@AbiConstants(type = "SocketIoctl", groups = "ioctl_socket", unsignedInts = true)
@AbiConstants(type = "IpIn", groups = "ip_in", unsignedInts = true)
@AbiConstants(type = "Tcp", groups = "tcp")
@AbiConstants(
    type = "Ipc",
    groups = {"ipc", "shm", "sem", "msg"},
    unsignedInts = true)
@AbiLayout(type = "StatLayout", struct = "struct stat")
@AbiLayout(type = "StatfsLayout", struct = "struct statfs")
@AbiLayout(type = "StatxLayout", struct = "struct statx")
@AbiLayout(type = "RlimitLayout", struct = "struct rlimit64")
@AbiLayout(type = "RusageLayout", struct = "struct rusage")
@AbiLayout(type = "SigactionLayout", struct = "struct sigaction")
@AbiLayout(type = "SigaltstackLayout", struct = "struct sigaltstack")
@AbiLayout(type = "SiginfoLayout", struct = "siginfo_t")
@AbiLayout(type = "UcontextLayout", struct = "struct ucontext")
@AbiLayout(type = "SigcontextLayout", struct = "struct sigcontext")
@AbiLayout(type = "RtSigframeLayout", struct = "struct rt_sigframe")
@AbiLayout(type = "FpsimdContextLayout", struct = "struct fpsimd_context")
@AbiLayout(type = "EsrContextLayout", struct = "struct esr_context")
@AbiLayout(type = "FrameRecordLayout", struct = "struct frame_record")
@AbiLayout(type = "TermiosLayout", struct = "struct termios")
@AbiLayout(type = "TermioLayout", struct = "struct termio")
@AbiLayout(type = "Termios2Layout", struct = "struct termios2")
@AbiLayout(type = "WinsizeLayout", struct = "struct winsize")
@AbiLayout(type = "IovecLayout", struct = "struct iovec")
@AbiLayout(type = "TimespecLayout", struct = "struct __kernel_timespec")
@AbiLayout(type = "TimevalLayout", struct = "struct timeval")
@AbiLayout(type = "ItimerspecLayout", struct = "struct __kernel_itimerspec")
@AbiLayout(type = "TmsLayout", struct = "struct tms")
@AbiLayout(type = "PollfdLayout", struct = "struct pollfd")
@AbiLayout(type = "EpollEventLayout", struct = "struct epoll_event")
@AbiLayout(type = "UtsnameLayout", struct = "struct new_utsname")
@AbiLayout(type = "SysinfoLayout", struct = "struct sysinfo")
@AbiLayout(type = "FlockLayout", struct = "struct flock")
@AbiLayout(type = "CloneArgsLayout", struct = "struct clone_args")
@AbiLayout(type = "OpenHowLayout", struct = "struct open_how")
@AbiLayout(type = "Dirent64Layout", struct = "struct linux_dirent64")
@AbiLayout(type = "RseqLayout", struct = "struct rseq")
@AbiConstants(type = "AioConstants", groups = "aio")
@AbiConstants(type = "MempolicyConstants", groups = "mempolicy")
@AbiLayout(type = "RseqCsLayout", struct = "struct rseq_cs")
@AbiLayout(type = "FutexWaitvLayout", struct = "struct futex_waitv")
@AbiLayout(type = "SigeventLayout", struct = "struct sigevent")
@AbiLayout(type = "OldItimervalLayout", struct = "struct __kernel_old_itimerval")
@AbiLayout(type = "CapUserHeaderLayout", struct = "struct __user_cap_header_struct")
@AbiLayout(type = "CapUserDataLayout", struct = "struct __user_cap_data_struct")
@AbiLayout(type = "RobustListHeadLayout", struct = "struct robust_list_head")
@AbiLayout(type = "Elf64EhdrLayout", struct = "struct elf64_hdr")
@AbiLayout(type = "Elf64PhdrLayout", struct = "struct elf64_phdr")
@AbiLayout(type = "UserMsghdrLayout", struct = "struct user_msghdr")
@AbiLayout(type = "MmsghdrLayout", struct = "struct mmsghdr")
@AbiLayout(type = "CmsghdrLayout", struct = "struct cmsghdr")
@AbiLayout(type = "SignalfdSiginfoLayout", struct = "struct signalfd_siginfo")
@AbiLayout(type = "InotifyEventLayout", struct = "struct inotify_event")
@AbiLayout(type = "IocbLayout", struct = "struct iocb")
@AbiLayout(type = "IoEventLayout", struct = "struct io_event")
@AbiLayout(type = "ShmidLayout", struct = "struct shmid64_ds")
@AbiLayout(type = "SemidLayout", struct = "struct semid64_ds")
@AbiLayout(type = "MsqidLayout", struct = "struct msqid64_ds")
@AbiLayout(type = "SeminfoLayout", struct = "struct seminfo")
@AbiLayout(type = "ShmInfoLayout", struct = "struct shm_info")
@AbiLayout(type = "Shminfo64Layout", struct = "struct shminfo64")
@AbiLayout(type = "MsginfoLayout", struct = "struct msginfo")
@AbiLayout(type = "TimexLayout", struct = "struct __kernel_timex")
@AbiLayout(type = "MqAttrLayout", struct = "struct mq_attr")
@AbiLayout(type = "IpcPermLayout", struct = "struct ipc64_perm")
@AbiLayout(type = "SembufLayout", struct = "struct sembuf")
package dev.svc0.runtime.abi;

import dev.svc0.annotation.AbiConstants;
import dev.svc0.annotation.AbiLayout;
import org.jspecify.annotations.NullMarked;
