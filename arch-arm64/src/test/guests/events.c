/* Events, signals, processes and memory as files, and SysV IPC: every line says what a call did. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static int readable(int fd) {
  struct pollfd p = {fd, POLLIN | POLLOUT, 0};
  poll(&p, 1, 0);
  return p.revents;
}

static void signals(void) {
  sigset_t set, old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN + 1);
  sigaddset(&set, SIGKILL);
  sigprocmask(SIG_BLOCK, &set, &old);
  int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  ok("signalfd", fd);
  ok("bad flags", signalfd(-1, &set, 1));
  ok("not a signalfd", signalfd(0, &set, 0));
  ok("closed", signalfd(99, &set, 0));
  struct signalfd_siginfo si[4];
  say("empty", read(fd, si, sizeof si));
  say("short", read(fd, si, 100));
  printf("poll %x\n", readable(fd));
  int ep = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN};
  epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGUSR1);
  union sigval v = {.sival_int = 77};
  sigqueue(getpid(), SIGRTMIN + 1, v);
  sigqueue(getpid(), SIGRTMIN + 1, v);
  printf("poll %x epoll %d\n", readable(fd), epoll_wait(ep, &e, 1, 0));
  long n = read(fd, si, sizeof si);
  say("read", n);
  for (int i = 0; i < n / (int)sizeof *si; i++)
    printf("signo %d code %d pid %d int %d\n", si[i].ssi_signo - (i ? SIGRTMIN : 0), si[i].ssi_code,
           si[i].ssi_pid == (uint32_t)getpid(), si[i].ssi_int);
  printf("poll %x epoll %d\n", readable(fd), epoll_wait(ep, &e, 1, 0));
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, 0);
  ok("change", signalfd(fd, &set, 0) == fd ? 0 : -1);
  kill(getpid(), SIGUSR1);
  printf("poll %x\n", readable(fd));
  kill(getpid(), SIGUSR2);
  say("one", read(fd, si, sizeof si) / (long)sizeof *si);
  fcntl(fd, F_SETFL, 0);
  pid_t p = fork();
  if (!p) {
    kill(getppid(), SIGUSR2);
    _exit(0);
  }
  say("blocking", read(fd, si, sizeof si) / (long)sizeof *si);
  printf("from child %d\n", si[0].ssi_pid == (uint32_t)p);
  waitpid(p, 0, 0);
  struct timespec zero = {0, 0};
  sigaddset(&set, SIGUSR1);
  say("left", sigtimedwait(&set, 0, &zero));
  sigprocmask(SIG_SETMASK, &old, 0);
}

static void pidfds(void) {
  int pfd = syscall(SYS_pidfd_open, getpid(), 0);
  ok("self", pfd);
  printf("cloexec %d poll %x\n", fcntl(pfd, F_GETFD), readable(pfd));
  ok("no such", syscall(SYS_pidfd_open, 4000000, 0));
  ok("negative", syscall(SYS_pidfd_open, -1, 0));
  ok("flags", syscall(SYS_pidfd_open, getpid(), 1));
  say("signal 0", syscall(SYS_pidfd_send_signal, pfd, 0, 0, 0));
  say("bad signal", syscall(SYS_pidfd_send_signal, pfd, 99, 0, 0));
  say("bad flags", syscall(SYS_pidfd_send_signal, pfd, 0, 0, 64));
  say("not one", syscall(SYS_pidfd_send_signal, 0, 0, 0, 0));
  int go[2];
  pipe(go);
  pid_t c = fork();
  if (!c) {
    char b;
    close(go[1]);
    read(go[0], &b, 1);
    _exit(7);
  }
  int cfd = syscall(SYS_pidfd_open, c, 0);
  printf("poll %x\n", readable(cfd));
  int copy = syscall(SYS_pidfd_getfd, cfd, go[0], 0);
  ok("getfd", copy);
  ok("getfd bad", syscall(SYS_pidfd_getfd, cfd, 77, 0));
  ok("getfd flags", syscall(SYS_pidfd_getfd, cfd, 0, 1));
  siginfo_t info;
  memset(&info, 0, sizeof info);
  say("wait none", waitid(P_PIDFD, cfd, &info, WEXITED | WNOHANG));
  close(go[1]);
  struct pollfd p = {cfd, POLLIN, 0};
  say("poll", poll(&p, 1, 10000));
  printf("revents %x\n", p.revents);
  say("waitid", waitid(P_PIDFD, cfd, &info, WEXITED));
  printf("pid %d status %d code %d\n", info.si_pid == c, info.si_status, info.si_code);
  say("again", waitid(P_PIDFD, cfd, &info, WEXITED));
  say("signal gone", syscall(SYS_pidfd_send_signal, cfd, 0, 0, 0));
  ok("open gone", syscall(SYS_pidfd_open, c, 0));
  say("wait not one", waitid(P_PIDFD, 0, &info, WEXITED));
  int made = -1;
  long args[11] = {CLONE_PIDFD, (long)&made, 0, 0, SIGCHLD};
  pid_t k = syscall(SYS_clone3, args, 64);
  if (!k) {
    pause();
    _exit(0);
  }
  printf("clone3 %d %d\n", k > 0, made >= 0);
  say("kill", syscall(SYS_pidfd_send_signal, made, SIGTERM, 0, 0));
  say("waitid", waitid(P_PIDFD, made, &info, WEXITED));
  printf("pid %d status %d code %d\n", info.si_pid == k, info.si_status, info.si_code);
}

static int wds[8];
static void events(int in) {
  char buf[8192] __attribute__((aligned(8)));
  long n = read(in, buf, sizeof buf);
  if (n < 0) {
    say("events", n);
    return;
  }
  unsigned cookie = 0;
  for (char* at = buf; at < buf + n;) {
    struct inotify_event* e = (void*)at;
    printf(" wd %d mask %x len %d name '%s'", e->wd, e->mask, e->len, e->len ? e->name : "");
    if (e->cookie) printf(" cookie %s", cookie && cookie == e->cookie ? "same" : "new");
    cookie = e->cookie;
    printf("\n");
    at += sizeof *e + e->len;
  }
}
static void touch(const char* name) {
  int f = open(name, O_CREAT | O_WRONLY, 0644);
  write(f, "x", 1);
  close(f);
}
static void inotify(void) {
  char dir[] = "/tmp/svc0-ino-XXXXXX";
  mkdtemp(dir);
  chdir(dir);
  int in = inotify_init1(IN_NONBLOCK);
  ok("init", in);
  ok("bad flags", inotify_init1(1));
  events(in);
  say("add", inotify_add_watch(in, ".", IN_ALL_EVENTS));
  say("add nothing", inotify_add_watch(in, "nothing", IN_ALL_EVENTS));
  say("add no events", inotify_add_watch(in, ".", 0));
  say("add not inotify", inotify_add_watch(0, ".", IN_ALL_EVENTS));
  say("rm unknown", inotify_rm_watch(in, 55));
  touch("a");
  int q;
  ioctl(in, FIONREAD, &q);
  printf("fionread %d poll %x\n", q, readable(in));
  events(in);
  char c;
  int f = open("a", O_RDWR);
  read(f, &c, 1);
  read(f, &c, 1);
  pwrite(f, "y", 1, 0);
  pwrite(f, "y", 1, 0);
  ftruncate(f, 0);
  fchmod(f, 0600);
  close(f);
  events(in);
  rename("a", "b");
  events(in);
  mkdir("sub", 0755);
  events(in);
  say("watch file", inotify_add_watch(in, "b", IN_ALL_EVENTS));
  link("b", "l");
  events(in);
  rename("b", "sub/b");
  events(in);
  unlink("l");
  events(in);
  symlink("x", "s");
  unlink("s");
  events(in);
  unlink("sub/b");
  events(in);
  say("again", inotify_add_watch(in, ".", IN_CREATE | IN_MASK_CREATE));
  say("change", inotify_add_watch(in, ".", IN_DELETE));
  touch("c");
  unlink("c");
  events(in);
  say("other", inotify_add_watch(in, ".", IN_CREATE));
  say("sub", inotify_add_watch(in, "sub", IN_DELETE_SELF | IN_ONLYDIR));
  touch("d");
  say("only dir", inotify_add_watch(in, "d", IN_OPEN | IN_ONLYDIR));
  rmdir("sub");
  events(in);
  int one = inotify_add_watch(in, "d", IN_OPEN | IN_ONESHOT);
  say("oneshot", one);
  close(open("d", O_RDONLY));
  close(open("d", O_RDONLY));
  events(in);
  int open2 = inotify_add_watch(in, "d", IN_DELETE_SELF | IN_ATTRIB | IN_CLOSE);
  say("watch", open2);
  f = open("d", O_RDONLY);
  unlink("d");
  events(in);
  close(f);
  events(in);
  say("rm", inotify_rm_watch(in, 1));
  events(in);
  char small[20];
  inotify_add_watch(in, ".", IN_CREATE);
  touch("with-a-name");
  say("small buffer", read(in, small, sizeof small));
  chdir("/tmp");
  close(in);
}

static void memfds(void) {
  char b[100], link[100];
  int f = memfd_create("mine", MFD_CLOEXEC);
  ok("create", f);
  snprintf(b, sizeof b, "/proc/self/fd/%d", f);
  long n = readlink(b, link, sizeof link);
  printf("%.*s\n", (int)n, link);
  struct stat st;
  fstat(f, &st);
  printf("mode %o nlink %ld size %ld\n", st.st_mode, (long)st.st_nlink, (long)st.st_size);
  say("write", write(f, "hello", 5));
  say("read", pread(f, b, 10, 0));
  say("seals", fcntl(f, F_GET_SEALS));
  say("add", fcntl(f, F_ADD_SEALS, F_SEAL_GROW));
  ok("bad flags", memfd_create("x", 0x8000));
  ok("reopen", open("/proc/self/fd/3000", O_RDWR));
  char longname[300];
  memset(longname, 'n', 299);
  longname[299] = 0;
  ok("long", memfd_create(longname, 0));
  longname[249] = 0;
  ok("longest", memfd_create(longname, 0));
  int s = memfd_create("sealed", MFD_ALLOW_SEALING);
  ftruncate(s, 8192);
  say("seals", fcntl(s, F_GET_SEALS));
  say("bad seal", fcntl(s, F_ADD_SEALS, 0x1000));
  say("shrink", fcntl(s, F_ADD_SEALS, F_SEAL_SHRINK));
  say("truncate down", ftruncate(s, 100));
  say("truncate up", ftruncate(s, 9000));
  say("grow", fcntl(s, F_ADD_SEALS, F_SEAL_GROW));
  say("truncate up", ftruncate(s, 10000));
  say("write inside", pwrite(s, "x", 1, 0));
  say("write outside", pwrite(s, "x", 1, 20000));
  say("fallocate", fallocate(s, 0, 0, 100000));
  say("write seal", fcntl(s, F_ADD_SEALS, F_SEAL_WRITE));
  say("write", pwrite(s, "x", 1, 0));
  ok("map shared writable", mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, s, 0) == MAP_FAILED ? -1 : 0);
  ok("map private", mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, s, 0) == MAP_FAILED ? -1 : 0);
  ok("map read", mmap(0, 4096, PROT_READ, MAP_SHARED, s, 0) == MAP_FAILED ? -1 : 0);
  say("seal seal", fcntl(s, F_ADD_SEALS, F_SEAL_SEAL));
  say("seals", fcntl(s, F_GET_SEALS));
  say("more", fcntl(s, F_ADD_SEALS, F_SEAL_SEAL));
  int p[2];
  pipe(p);
  say("seals of pipe", fcntl(p[0], F_GET_SEALS));
  int shared = memfd_create("shared", 0);
  ftruncate(shared, 4096);
  int* m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
  pid_t c = fork();
  if (!c) {
    m[5] = 55;
    _exit(0);
  }
  waitpid(c, 0, 0);
  printf("shared %d\n", m[5]);
}

static void splices(void) {
  int p[2], q[2], s[2];
  char b[10000];
  pipe(p);
  pipe(q);
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  char name[] = "/tmp/svc0-spl-XXXXXX";
  int f = mkstemp(name);
  unlink(name);
  for (int i = 0; i < 10000; i++) b[i] = 'a' + i % 26;
  write(f, b, 10000);
  loff_t off = 100;
  say("file to pipe", splice(f, &off, p[1], 0, 5000, 0));
  printf("offset %ld\n", (long)off);
  say("tee", tee(p[0], q[1], 3000, 0));
  memset(b, 0, sizeof b);
  say("read tee", read(q[0], b, 4000));
  printf("%.5s\n", b);
  say("pipe to socket", splice(p[0], 0, s[0], 0, 2000, 0));
  say("read socket", read(s[1], b, 4000));
  printf("%.5s\n", b);
  say("pipe to pipe", splice(p[0], 0, q[1], 0, 1000, 0));
  say("read", read(q[0], b, 4000));
  printf("%.5s\n", b);
  off = 20000;
  say("pipe to file", splice(p[0], 0, f, &off, 10000, 0));
  printf("offset %ld size %ld\n", (long)off, (long)lseek(f, 0, SEEK_END));
  say("empty nonblock", splice(p[0], 0, q[1], 0, 10, SPLICE_F_NONBLOCK));
  say("tee empty", tee(p[0], q[1], 10, SPLICE_F_NONBLOCK));
  say("no pipe", splice(f, 0, s[0], 0, 10, 0));
  say("same pipe", splice(p[0], 0, p[1], 0, 10, 0));
  say("tee no pipe", tee(f, p[1], 10, 0));
  off = 0;
  say("pipe offset", splice(f, &off, p[1], &off, 10, 0));
  say("bad flags", splice(f, &off, p[1], 0, 10, 0x100));
  say("zero", splice(f, &off, p[1], 0, 0, 0));
  say("wrong way", splice(p[1], 0, s[0], 0, 10, 0));
  lseek(f, 0, SEEK_SET);
  say("uses position", splice(f, 0, p[1], 0, 100, 0));
  printf("at %ld\n", (long)lseek(f, 0, SEEK_CUR));
  struct iovec v[2] = {{"vm", 2}, {"splice", 6}};
  say("vmsplice", vmsplice(q[1], v, 2, 0));
  say("read", read(q[0], b, 100));
  printf("%.8s\n", b);
  say("vmsplice file", vmsplice(f, v, 2, 0));
  write(s[1], "from a socket", 13);
  say("socket to pipe", splice(s[0], 0, q[1], 0, 100, 0));
  say("read", read(q[0], b, 100));
  close(s[1]);
  say("socket end", splice(s[0], 0, q[1], 0, 100, 0));
  close(p[1]);
  read(p[0], b, 1000);
  say("pipe end", splice(p[0], 0, q[1], 0, 100, 0));
  signal(SIGPIPE, SIG_IGN);
  close(q[0]);
  lseek(f, 0, SEEK_SET);
  say("broken", splice(f, 0, q[1], 0, 100, 0));
}

union semun {
  int val;
  struct semid_ds* buf;
  unsigned short* array;
};
static void semaphores(void) {
  int id = semget(IPC_PRIVATE, 3, 0600);
  ok("semget", id);
  ok("too many", semget(IPC_PRIVATE, 100000, 0600));
  ok("none", semget(IPC_PRIVATE, 0, 0600));
  ok("no key", semget(0x5c0f1234, 1, 0));
  unsigned short all[3] = {1, 2, 3}, got[3] = {9, 9, 9};
  union semun u = {.array = all};
  say("setall", semctl(id, 0, SETALL, u));
  u.array = got;
  say("getall", semctl(id, 0, GETALL, u));
  printf("%d %d %d\n", got[0], got[1], got[2]);
  say("getval", semctl(id, 2, GETVAL));
  say("bad number", semctl(id, 3, GETVAL));
  u.val = 40000;
  say("too large", semctl(id, 0, SETVAL, u));
  struct sembuf ops[2] = {{0, -1, IPC_NOWAIT}, {1, 1, 0}};
  say("semop", semop(id, ops, 2));
  say("would block", semop(id, ops, 2));
  say("unchanged", semctl(id, 1, GETVAL));
  struct sembuf zero = {0, 0, IPC_NOWAIT};
  say("is zero", semop(id, &zero, 1));
  zero.sem_num = 1;
  say("not zero", semop(id, &zero, 1));
  zero.sem_num = 9;
  say("no such", semop(id, &zero, 1));
  struct timespec t = {0, 10000000};
  struct sembuf down = {0, -1, 0};
  say("timed", semtimedop(id, &down, 1, &t));
  pid_t c = fork();
  if (!c) {
    struct sembuf up = {0, 2, 0}, undone = {1, 5, SEM_UNDO};
    semop(id, &up, 1);
    semop(id, &undone, 1);
    struct sembuf wait = {2, -3, 0};
    semop(id, &wait, 1);
    _exit(0);
  }
  say("wait for child", semop(id, &down, 1));
  waitpid(c, 0, 0);
  say("after", semctl(id, 0, GETVAL));
  say("after undo", semctl(id, 1, GETVAL));
  say("taken", semctl(id, 2, GETVAL));
  say("pid", semctl(id, 2, GETPID) == c);
  struct semid_ds ds;
  u.buf = &ds;
  say("stat", semctl(id, 0, IPC_STAT, u));
  printf("nsems %ld mode %o\n", (long)ds.sem_nsems, ds.sem_perm.mode);
  c = fork();
  if (!c) {
    struct sembuf wait = {1, -100, 0};
    int r = semop(id, &wait, 1);
    _exit(r < 0 && errno == EIDRM ? 3 : 4);
  }
  while (semctl(id, 1, GETNCNT) != 1) sched_yield();
  say("rm", semctl(id, 0, IPC_RMID));
  int st;
  waitpid(c, &st, 0);
  printf("waiter %d\n", WEXITSTATUS(st));
  say("gone", semctl(id, 0, GETVAL));
  key_t k = 0x5c0f0000 | (getpid() & 0xffff);
  int a = semget(k, 1, IPC_CREAT | IPC_EXCL | 0600);
  ok("with key", a);
  say("same", semget(k, 1, 0600) == a);
  ok("excl", semget(k, 1, IPC_CREAT | IPC_EXCL | 0600));
  ok("more", semget(k, 2, 0600));
  semctl(a, 0, IPC_RMID);
}

static void sharedMemory(void) {
  int id = shmget(IPC_PRIVATE, 10000, 0600);
  ok("shmget", id);
  ok("zero", shmget(IPC_PRIVATE, 0, 0600));
  ok("no key", shmget(0x5c0f4321, 100, 0));
  char* m = shmat(id, 0, 0);
  ok("shmat", m == (void*)-1 ? -1 : 0);
  m[9999] = 7;
  struct shmid_ds ds;
  say("stat", shmctl(id, IPC_STAT, &ds));
  printf("size %ld nattch %ld mode %o cpid %d\n", (long)ds.shm_segsz, (long)ds.shm_nattch, ds.shm_perm.mode,
         ds.shm_cpid == getpid());
  pid_t c = fork();
  if (!c) {
    struct shmid_ds d2;
    shmctl(id, IPC_STAT, &d2);
    m[0] = d2.shm_nattch;
    _exit(0);
  }
  waitpid(c, 0, 0);
  printf("child saw %d\n", m[0]);
  char* r = shmat(id, 0, SHM_RDONLY);
  printf("read only %d\n", r[9999]);
  shmctl(id, IPC_STAT, &ds);
  printf("nattch %ld\n", (long)ds.shm_nattch);
  say("rm", shmctl(id, IPC_RMID, 0));
  m[1] = 5;
  printf("still %d\n", r[1]);
  say("stat", shmctl(id, IPC_STAT, &ds));
  printf("mode %o\n", ds.shm_perm.mode);
  say("dt", shmdt(m));
  say("dt again", shmdt(m));
  say("dt", shmdt(r));
  say("gone", shmctl(id, IPC_STAT, &ds));
  ok("at gone", shmat(id, 0, 0) == (void*)-1 ? -1 : 0);
  ok("unaligned", shmat(id, (void*)0x12345, 0) == (void*)-1 ? -1 : 0);
}

static void messages(void) {
  int id = msgget(IPC_PRIVATE, 0600);
  ok("msgget", id);
  struct {
    long type;
    char text[100];
  } m = {3, "three"};
  say("send", msgsnd(id, &m, 5, 0));
  m.type = 1;
  strcpy(m.text, "one");
  say("send", msgsnd(id, &m, 3, 0));
  m.type = 0;
  say("type 0", msgsnd(id, &m, 3, 0));
  m.type = 1;
  say("too long", msgsnd(id, &m, 100000, 0));
  struct msqid_ds ds;
  say("stat", msgctl(id, IPC_STAT, &ds));
  printf("qnum %ld qbytes %ld\n", (long)ds.msg_qnum, (long)ds.msg_qbytes);
  say("recv type 1", msgrcv(id, &m, 100, 1, 0));
  printf("%ld %.3s\n", m.type, m.text);
  say("too small", msgrcv(id, &m, 2, 0, 0));
  say("cut", msgrcv(id, &m, 2, 0, MSG_NOERROR));
  printf("%ld %.2s\n", m.type, m.text);
  say("none", msgrcv(id, &m, 100, 0, IPC_NOWAIT));
  for (int t = 5; t > 2; t--) {
    m.type = t;
    msgsnd(id, &m, 1, 0);
  }
  say("lowest", msgrcv(id, &m, 100, -4, 0));
  printf("%ld\n", m.type);
  say("except", msgrcv(id, &m, 100, 5, MSG_EXCEPT));
  printf("%ld\n", m.type);
  pid_t c = fork();
  if (!c) {
    int r = msgrcv(id, &m, 100, 9, 0);
    _exit(r < 0 && errno == EIDRM ? 3 : r);
  }
  m.type = 9;
  say("to child", msgsnd(id, &m, 17, 0));
  int st;
  waitpid(c, &st, 0);
  printf("child %d\n", WEXITSTATUS(st));
  say("rm", msgctl(id, IPC_RMID, 0));
  say("gone", msgsnd(id, &m, 1, 0));
}

static void otherMemory(void) {
  char here[16] = "................";
  static char there[16] = "parent's bytes!";
  int go[2];
  pipe(go);
  pid_t c = fork();
  if (!c) {
    char b;
    strcpy(there, "child's bytes!!");
    close(go[1]);
    read(go[0], &b, 1);
    _exit(there[0]);
  }
  struct iovec l[2] = {{here, 5}, {here + 5, 11}}, r = {there, 16};
  while (here[0] != 'c') process_vm_readv(c, l, 2, &r, 1, 0);
  printf("%.15s\n", here);
  say("readv", process_vm_readv(c, l, 2, &r, 1, 0));
  l[0].iov_base = "ABCDE";
  say("writev", process_vm_writev(c, l, 1, &r, 1, 0));
  r.iov_base = (void*)8;
  say("bad remote", process_vm_readv(c, l + 1, 1, &r, 1, 0));
  say("no process", process_vm_readv(4000000, l + 1, 1, &r, 1, 0));
  say("flags", process_vm_readv(c, l + 1, 1, &r, 1, 1));
  close(go[1]);
  int st;
  waitpid(c, &st, 0);
  printf("child %c\n", WEXITSTATUS(st));
}

int main(int argc, char** argv) {
  setvbuf(stdout, 0, _IONBF, 0);
  struct {
    const char* name;
    void (*run)(void);
  } all[] = {{"signals", signals},           {"pidfds", pidfds},
             {"inotify", inotify},           {"memfds", memfds},
             {"splices", splices},           {"semaphores", semaphores},
             {"sharedMemory", sharedMemory}, {"messages", messages},
             {"otherMemory", otherMemory}};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
    if (argc < 2 || !strcmp(argv[1], all[i].name)) {
      printf("== %s\n", all[i].name);
      all[i].run();
    }
  return 0;
}
