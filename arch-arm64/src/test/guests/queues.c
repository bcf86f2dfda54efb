/* POSIX message queues, and what SysV IPC says about all its objects: every line says what a call did. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static struct timespec in(int millis) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  t.tv_nsec += millis * 1000000L;
  t.tv_sec += t.tv_nsec / 1000000000;
  t.tv_nsec %= 1000000000;
  return t;
}

static void names(void) {
  ok("none", mq_open("/svc0-q", O_RDWR));
  struct mq_attr a = {.mq_maxmsg = 3, .mq_msgsize = 16};
  umask(027);
  mqd_t q = mq_open("/svc0-q", O_RDWR | O_CREAT | O_EXCL, 0666, &a);
  ok("create", q);
  ok("exclusive", mq_open("/svc0-q", O_RDWR | O_CREAT | O_EXCL, 0666, &a));
  ok("no access mode", mq_open("/svc0-q", 3));
  ok("again", syscall(SYS_mq_open, "svc0-q", O_RDONLY | O_CREAT, 0, 0));
  ok("slash", syscall(SYS_mq_open, "/svc0-q", O_RDONLY, 0, 0));
  ok("dots", syscall(SYS_mq_open, "..", O_RDONLY | O_CREAT, 0600, 0));
  ok("empty", syscall(SYS_mq_open, "", O_RDONLY | O_CREAT, 0600, 0));
  ok("bad name", syscall(SYS_mq_open, 16, O_RDONLY | O_CREAT, 0600, 0));
  ok("bad attributes", syscall(SYS_mq_open, "x", O_RDONLY | O_CREAT, 0600, 16));
  char longName[300];
  memset(longName, 'n', 299);
  longName[299] = 0;
  ok("long", syscall(SYS_mq_open, longName, O_RDONLY | O_CREAT, 0600, 0));
  struct stat st;
  fstat(q, &st);
  printf("mode %o size %ld flags %x\n", st.st_mode, (long)st.st_size, fcntl(q, F_GETFD));
  say("not a queue", mq_getattr(0, &a));
  say("closed", mq_getattr(99, &a));
  mq_getattr(q, &a);
  printf("flags %lx max %ld size %ld now %ld\n", a.mq_flags, a.mq_maxmsg, a.mq_msgsize, a.mq_curmsgs);
  mqd_t d = mq_open("/svc0-default", O_WRONLY | O_CREAT | O_NONBLOCK, 0600, 0);
  mq_getattr(d, &a);
  printf("flags %lx max %ld size %ld\n", a.mq_flags, a.mq_maxmsg, a.mq_msgsize);
  a.mq_flags = O_RDONLY | O_APPEND;
  say("set flags", mq_setattr(d, &a, 0));
  a.mq_flags = 0;
  say("blocking", mq_setattr(d, &a, &a));
  printf("old flags %lx\n", a.mq_flags);
  mq_getattr(d, &a);
  printf("new flags %lx\n", a.mq_flags);
  say("unlink", mq_unlink("/svc0-default"));
  say("unlink again", mq_unlink("/svc0-default"));
  mq_close(d);
  fflush(stdout);
  pid_t c = fork();
  if (!c) {
    if (setgid(1) || setuid(1)) _exit(1);
    ok("other reads", mq_open("/svc0-q", O_RDONLY));
    ok("other unlinks", mq_unlink("/svc0-q"));
    long sizes[][2] = {{0, 10}, {10, 0}, {10, 8192}, {11, 10}, {10, 8193}, {-1, 5}, {1, 1}};
    for (int i = 0; i < 7; i++) {
      struct mq_attr s = {.mq_maxmsg = sizes[i][0], .mq_msgsize = sizes[i][1]};
      mqd_t t = mq_open("/svc0-size", O_RDWR | O_CREAT | O_EXCL, 0600, &s);
      ok("size", t);
      if (t >= 0) {
        mq_close(t);
        mq_unlink("/svc0-size");
      }
    }
    struct mq_attr s = {.mq_maxmsg = 10, .mq_msgsize = 8192};
    mqd_t t[20];
    int n = 0;
    char name[30];
    for (; n < 20; n++) {
      sprintf(name, "/svc0-other%d", n);
      t[n] = mq_open(name, O_RDWR | O_CREAT, 0600, &s);
      if (t[n] < 0) break;
    }
    ok("limit", -1);
    printf("%d fit\n", n);
    mq_unlink("/svc0-other0");
    ok("still", mq_open(name, O_RDWR | O_CREAT, 0600, &s));
    mq_close(t[0]);
    ok("fits", mq_open(name, O_RDWR | O_CREAT, 0600, &s));
    for (int i = 1; i <= n; i++) {
      sprintf(name, "/svc0-other%d", i);
      mq_unlink(name);
    }
    fflush(stdout);
    _exit(0);
  }
  waitpid(c, 0, 0);
  mq_close(q);
}

static void* later(void* arg) {
  usleep(50000);
  mq_send(*(mqd_t*)arg, "late", 4, 2);
  return 0;
}
static void noop(int s) { (void)s; }

static void messages(void) {
  mqd_t q = mq_open("/svc0-q", O_RDWR);
  mqd_t r = mq_open("/svc0-q", O_RDONLY | O_NONBLOCK), w = mq_open("/svc0-q", O_WRONLY | O_NONBLOCK);
  char b[100];
  unsigned prio = 9;
  struct pollfd p = {q, POLLIN | POLLOUT, 0};
  poll(&p, 1, 0);
  printf("poll %x\n", p.revents);
  int ep = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN};
  say("epoll", epoll_ctl(ep, EPOLL_CTL_ADD, r, &e));
  say("nothing", mq_receive(r, b, 16, &prio));
  say("small buffer", mq_receive(r, b, 15, &prio));
  say("write only", mq_receive(w, b, 16, &prio));
  say("read only", mq_send(r, "x", 1, 0));
  say("too long", mq_send(w, b, 17, 0));
  say("priority", mq_send(w, b, 1, 32768));
  say("bad message", syscall(SYS_mq_timedsend, w, 16, 5, 0, 0));
  say("low", mq_send(w, "low", 3, 1));
  say("epoll ready", epoll_wait(ep, &e, 1, 0));
  say("high", mq_send(w, "high", 4, 32767));
  say("low 2", mq_send(w, "low2", 4, 1));
  say("full", mq_send(w, "x", 1, 9));
  poll(&p, 1, 0);
  printf("poll %x\n", p.revents);
  struct timespec t = in(20), bad = {0, 1000000000};
  say("timed out", mq_timedsend(q, "x", 1, 0, &t));
  say("bad time", mq_timedsend(q, "x", 1, 0, &bad));
  t.tv_sec = 1;
  say("past", mq_timedsend(q, "x", 1, 0, &t));
  lseek(q, 0, SEEK_SET);
  long line = read(q, b, 100);
  ok("read", line);
  printf("%.*s", (int)line, b);
  say("write", write(q, b, 10));
  for (int i = 0; i < 3; i++) {
    memset(b, 0, sizeof b);
    say("receive", mq_receive(r, b, 100, &prio));
    printf("%s %u\n", b, prio);
  }
  say("empty message", mq_send(w, 0, 0, 0));
  say("received", mq_receive(r, b, 16, 0));
  t = in(20);
  say("timed out", mq_timedreceive(q, b, 16, 0, &t));
  pthread_t thread;
  pthread_create(&thread, 0, later, &w);
  memset(b, 0, sizeof b);
  say("waited", mq_receive(q, b, 16, &prio));
  printf("%s %u\n", b, prio);
  pthread_join(thread, 0);
  struct sigaction act = {.sa_handler = noop};
  sigaction(SIGALRM, &act, 0);
  ualarm(20000, 0);
  say("interrupted", mq_receive(q, b, 16, &prio));
  fflush(stdout);
  pid_t c = fork();
  if (!c) {
    for (int i = 0; i < 200; i++) mq_send(q, (char*)&i, sizeof i, i % 7);
    _exit(0);
  }
  long sum = 0;
  for (int i = 0; i < 200; i++) {
    int v = 0;
    mq_receive(q, (char*)&v, 16, 0);
    sum += v;
  }
  waitpid(c, 0, 0);
  printf("sum %ld\n", sum);
  mq_close(r);
  mq_close(w);
  mq_close(q);
  close(ep);
}

static volatile int told, code, value, fromMe;
static sem_t threadRan;
static void onSignal(int s, siginfo_t* i, void* u) {
  (void)u;
  told = s;
  code = i->si_code;
  value = i->si_value.sival_int;
  fromMe = i->si_pid == getpid() && i->si_uid == getuid();
}
static void onThread(union sigval v) {
  value = v.sival_int;
  sem_post(&threadRan);
}

static void notifications(void) {
  mqd_t q = mq_open("/svc0-q", O_RDWR | O_NONBLOCK), other = mq_open("/svc0-q", O_RDWR);
  char b[16];
  struct sigaction act = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &act, 0);
  struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
  say("register", mq_notify(q, &e));
  say("busy", mq_notify(q, &e));
  mq_send(q, "a", 1, 0);
  printf("told %d code %d value %d me %d\n", told == SIGUSR1, code, value, fromMe);
  told = 0;
  mq_send(q, "b", 1, 0);
  printf("once %d\n", told);
  say("register", mq_notify(q, &e));
  mq_send(q, "c", 1, 0);
  printf("not empty %d\n", told);
  while (mq_receive(q, b, 16, 0) >= 0)
    ;
  say("withdraw", mq_notify(q, 0));
  mq_send(q, "d", 1, 0);
  printf("withdrawn %d\n", told);
  mq_receive(q, b, 16, 0);
  say("register", mq_notify(q, &e));
  memset(b, 0, sizeof b);
  char line[100] = "";
  lseek(q, 0, SEEK_SET);
  read(q, line, 80);
  printf("%.40s\n", line);
  mq_close(other);
  mq_send(q, "e", 1, 0);
  printf("closed %d\n", told);
  mq_receive(q, b, 16, 0);
  told = 0;
  e.sigev_notify = SIGEV_NONE;
  say("none", mq_notify(q, &e));
  mq_send(q, "f", 1, 0);
  mq_receive(q, b, 16, 0);
  say("none again", mq_notify(q, &e));
  mq_notify(q, 0);
  e.sigev_notify = 77;
  say("bad kind", mq_notify(q, &e));
  e.sigev_notify = SIGEV_SIGNAL;
  e.sigev_signo = 65;
  say("bad signal", mq_notify(q, &e));
  e.sigev_signo = 0;
  say("no signal", mq_notify(q, &e));
  mq_notify(q, 0);
  e.sigev_signo = SIGUSR1;
  say("not a queue", mq_notify(0, &e));
  fflush(stdout);
  pid_t c = fork();
  if (!c) {
    mq_notify(q, &e);
    _exit(0);
  }
  waitpid(c, 0, 0);
  say("child gone", mq_notify(q, &e));
  c = fork();
  if (!c) {
    struct timespec t = in(2000);
    _exit(mq_timedreceive(mq_open("/svc0-q", O_RDWR), b, 16, 0, &t) == 1 ? 3 : 4);
  }
  usleep(200000);
  told = 0;
  mq_send(q, "g", 1, 0);
  int st;
  waitpid(c, &st, 0);
  printf("receiver %d told %d\n", WEXITSTATUS(st), told);
  mq_notify(q, 0);
  sem_init(&threadRan, 0, 0);
  struct sigevent byThread = {
      .sigev_notify = SIGEV_THREAD, .sigev_notify_function = onThread, .sigev_value.sival_int = 7};
  say("thread", mq_notify(q, &byThread));
  mq_send(q, "h", 1, 0);
  sem_wait(&threadRan);
  printf("thread told %d\n", value);
  mq_receive(q, b, 16, 0);
  say("unlink", mq_unlink("/svc0-q"));
  mq_send(q, "i", 1, 0);
  say("still there", mq_receive(q, b, 16, 0));
  ok("gone", mq_open("/svc0-q", O_RDWR));
  mq_close(q);
}

union semun {
  int val;
  struct semid_ds* buf;
  unsigned short* array;
  struct seminfo* info;
};
static void semaphores(void) {
  struct seminfo i;
  union semun u = {.info = &i};
  ok("info", semctl(0, 0, IPC_INFO, u));
  printf("map %d mni %d mns %d mnu %d msl %d opm %d ume %d usz %d vmx %d aem %d\n", i.semmap, i.semmni, i.semmns, i.semmnu,
         i.semmsl, i.semopm, i.semume, i.semusz, i.semvmx, i.semaem);
  say("no info", semctl(-1, 0, IPC_INFO, u));
  int id = semget(IPC_PRIVATE, 5, 0640), two = semget(IPC_PRIVATE, 2, 0600);
  int most = semctl(0, 0, SEM_INFO, u);
  printf("sets %d semaphores %d largest %d\n", i.semusz, i.semaem, most == (two & 0x7fff));
  struct semid_ds ds;
  u.buf = &ds;
  printf("stat %d\n", semctl(id & 0x7fff, 0, SEM_STAT, u) == id);
  printf("nsems %ld\n", (long)ds.sem_nsems);
  printf("any %d\n", semctl(two & 0x7fff, 0, SEM_STAT_ANY, u) == two);
  say("no such index", semctl(20000, 0, SEM_STAT, u));
  u.buf = (void*)16;
  say("bad address", semctl(id & 0x7fff, 0, SEM_STAT, u));
  u.buf = &ds;
  fflush(stdout);
  pid_t c = fork();
  if (!c) {
    if (setgid(1) || setuid(1)) _exit(1);
    say("stat of another's", semctl(id & 0x7fff, 0, SEM_STAT, u));
    printf("any %d\n", semctl(id & 0x7fff, 0, SEM_STAT_ANY, u) == id);
    fflush(stdout);
    _exit(0);
  }
  waitpid(c, 0, 0);
  semctl(id, 0, IPC_RMID);
  int third = semget(IPC_PRIVATE, 1, 0600);
  printf("another number %d\n", third != id);
  semctl(two, 0, IPC_RMID);
  semctl(third, 0, IPC_RMID);
}

static void sharedMemory(void) {
  struct shminfo i;
  ok("info", shmctl(0, IPC_INFO, (void*)&i));
  printf("max %lu min %lu mni %lu seg %lu all %lu\n", i.shmmax, i.shmmin, i.shmmni, i.shmseg, i.shmall);
  int id = shmget(0x5c0f0001, 10000, IPC_CREAT | 0600);
  char* m = shmat(id, 0, 0);
  m[5000] = 1;
  struct shm_info s;
  int most = shmctl(0, SHM_INFO, (void*)&s);
  printf("segments %d pages %lu resident %lu largest %d\n", s.used_ids, s.shm_tot, s.shm_rss, most == (id & 0x7fff));
  struct shmid_ds ds;
  printf("stat %d\n", shmctl(id & 0x7fff, SHM_STAT, &ds) == id);
  printf("size %ld attached %ld key %x seq %d\n", (long)ds.shm_segsz, (long)ds.shm_nattch, ds.shm_perm.__key,
         ds.shm_perm.__seq == id >> 15);
  printf("any %d\n", shmctl(id & 0x7fff, SHM_STAT_ANY, &ds) == id);
  shmctl(id, IPC_RMID, 0);
  ok("key is free", shmget(0x5c0f0001, 10000, 0600));
  printf("still %d\n", shmctl(id & 0x7fff, SHM_STAT, &ds) == id);
  printf("mode %o key %x\n", ds.shm_perm.mode, ds.shm_perm.__key);
  int other = shmget(0x5c0f0001, 4096, IPC_CREAT | 0600);
  printf("another %d\n", other != id);
  shmctl(other, IPC_RMID, 0);
  shmdt(m);
  say("no such index", shmctl(id & 0x7fff, SHM_STAT, &ds));
}

static void sysvMessages(void) {
  struct msginfo i;
  ok("info", msgctl(0, IPC_INFO, (void*)&i));
  printf("pool %d map %d max %d mnb %d mni %d ssz %d tql %d seg %d\n", i.msgpool, i.msgmap, i.msgmax, i.msgmnb, i.msgmni,
         i.msgssz, i.msgtql, i.msgseg);
  int id = msgget(IPC_PRIVATE, 0600);
  struct {
    long type;
    char text[20];
  } m = {1, "one"};
  msgsnd(id, &m, 3, 0);
  m.type = 2;
  msgsnd(id, &m, 5, 0);
  int most = msgctl(0, MSG_INFO, (void*)&i);
  printf("queues %d messages %d bytes %d largest %d\n", i.msgpool, i.msgmap, i.msgtql, most == (id & 0x7fff));
  struct msqid_ds ds;
  printf("stat %d\n", msgctl(id & 0x7fff, MSG_STAT, &ds) == id);
  printf("qnum %ld\n", (long)ds.msg_qnum);
  printf("any %d\n", msgctl(id & 0x7fff, MSG_STAT_ANY, &ds) == id);
  say("copy", msgrcv(id, &m, 20, 1, MSG_COPY | IPC_NOWAIT));
  printf("type %ld\n", m.type);
  say("no third", msgrcv(id, &m, 20, 2, MSG_COPY | IPC_NOWAIT));
  say("copy waits", msgrcv(id, &m, 20, 0, MSG_COPY));
  say("copy except", msgrcv(id, &m, 20, 0, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT));
  say("copy cut", msgrcv(id, &m, 2, 0, MSG_COPY | IPC_NOWAIT));
  say("copy cut", msgrcv(id, &m, 2, 0, MSG_COPY | IPC_NOWAIT | MSG_NOERROR));
  msgctl(id, IPC_STAT, &ds);
  printf("qnum %ld\n", (long)ds.msg_qnum);
  msgctl(id, IPC_RMID, 0);
}

int main(void) {
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  void (*all[])(void) = {names, messages, notifications, semaphores, sharedMemory, sysvMessages};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
    printf("--- %u\n", i);
    fflush(stdout);
    all[i]();
  }
  return 0;
}
