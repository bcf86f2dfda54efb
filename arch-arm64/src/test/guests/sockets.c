/* Sockets as a program sees them: every line says what a call did. The same program runs on a real kernel. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static int pollof(int fd) {
  struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDHUP | POLLPRI, 0};
  poll(&p, 1, 0);
  return p.revents;
}
static void sayPoll(const char* what, int fd) {
  int r = pollof(fd);
  printf("%s:%s%s%s%s%s%s\n", what, r & POLLIN ? " IN" : "", r & POLLOUT ? " OUT" : "",
         r & POLLHUP ? " HUP" : "", r & POLLERR ? " ERR" : "", r & POLLRDHUP ? " RDHUP" : "",
         r & POLLPRI ? " PRI" : "");
}
static void soError(const char* what, int fd) {
  int e = -1;
  socklen_t l = sizeof e;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &l);
  printf("%s: %s\n", what, err(e));
}
static int opt(int fd, int level, int name) {
  int v = -1;
  socklen_t l = sizeof v;
  if (getsockopt(fd, level, name, &v, &l) < 0) return -errno;
  return v;
}
static int pipes;
static void onPipe(int s) {
  (void)s;
  pipes++;
}
static void nothing(int s) {
  (void)s;
}

static socklen_t un(struct sockaddr_un* a, const char* name, int abstract) {
  memset(a, 0, sizeof *a);
  a->sun_family = AF_UNIX;
  strcpy(a->sun_path + abstract, name);
  return offsetof(struct sockaddr_un, sun_path) + abstract + strlen(name) + (abstract ? 0 : 1);
}
static struct sockaddr_in in4(uint32_t host, int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(host)};
  return a;
}
static int portOf(int fd) {
  struct sockaddr_in a;
  socklen_t l = sizeof a;
  getsockname(fd, (void*)&a, &l);
  return ntohs(a.sin_port);
}
static int listener(int* port) {
  int s = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in a = in4(INADDR_LOOPBACK, 0);
  bind(s, (void*)&a, sizeof a);
  listen(s, 5);
  *port = portOf(s);
  return s;
}
static void pairOf(int v[2]) {
  int port, l = listener(&port);
  struct sockaddr_in a = in4(INADDR_LOOPBACK, port);
  v[0] = socket(AF_INET, SOCK_STREAM, 0);
  connect(v[0], (void*)&a, sizeof a);
  v[1] = accept(l, 0, 0);
  close(l);
}

static void families(void) {
  ok("unix stream", socket(AF_UNIX, SOCK_STREAM, 0));
  ok("unix proto", socket(AF_UNIX, SOCK_STREAM, 5));
  ok("unix rdm", socket(AF_UNIX, SOCK_RDM, 0));
  ok("inet rdm", socket(AF_INET, SOCK_RDM, 0));
  ok("inet seqpacket", socket(AF_INET, SOCK_SEQPACKET, 0));
  ok("stream as udp", socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
  ok("dgram as tcp", socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
  ok("appletalk", socket(AF_APPLETALK, SOCK_DGRAM, 0));
  ok("family 77", socket(77, SOCK_STREAM, 0));
  ok("family -1", socket(-1, SOCK_STREAM, 0));
  ok("type flags", socket(AF_UNIX, SOCK_STREAM | 0x100, 0));
  ok("type 11", socket(AF_INET, 11, 0));
  ok("protocol 300", socket(AF_INET, SOCK_STREAM, 300));
  int v[2];
  ok("inet pair", socketpair(AF_INET, SOCK_STREAM, 0, v));
  ok("pair bad pointer", socketpair(AF_UNIX, SOCK_STREAM, 0, (int*)8));
  ok("bind file", bind(1, 0, 0));
  ok("bind closed", bind(77, 0, 0));
  int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  printf("flags %x %x\n", fcntl(s, F_GETFL) & O_NONBLOCK ? 1 : 0, fcntl(s, F_GETFD));
  struct stat st;
  fstat(s, &st);
  printf("mode %o size %ld\n", st.st_mode, (long)st.st_size);
  char path[64], link[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", s);
  long n = readlink(path, link, sizeof link - 1);
  link[n > 0 ? n : 0] = 0;
  unsigned long ino;
  printf("link %d\n", sscanf(link, "socket:[%lu]", &ino) == 1 && ino == st.st_ino);
  say("lseek", lseek(s, 0, SEEK_SET));
  ok("open link", open(path, O_RDWR));
}

static void unixStream(void) {
  int v[2];
  char b[100];
  ok("pair", socketpair(AF_UNIX, SOCK_STREAM, 0, v));
  say("write", write(v[0], "hello", 5));
  say("peek", recv(v[1], b, 3, MSG_PEEK));
  int n;
  ioctl(v[1], FIONREAD, &n);
  printf("fionread %d\n", n);
  say("write 2", write(v[0], " world", 6));
  say("waitall", recv(v[1], b, 11, MSG_WAITALL));
  printf("%.11s\n", b);
  say("empty", recv(v[1], b, 1, MSG_DONTWAIT));
  say("oob", recv(v[1], b, 1, MSG_OOB) < 0 ? 0 : 1);
  say("to name", sendto(v[0], "x", 1, 0, (void*)b, 0));
  sayPoll("fresh", v[0]);
  ok("shutdown wr", shutdown(v[0], SHUT_WR));
  sayPoll("after own shutdown", v[0]);
  sayPoll("after peer shutdown", v[1]);
  say("eof", read(v[1], b, 10));
  say("send shut", send(v[0], "x", 1, MSG_NOSIGNAL));
  printf("signals %d\n", pipes);
  say("write shut", write(v[0], "x", 1));
  printf("signals %d\n", pipes);
  say("other way", write(v[1], "back", 4));
  say("read", read(v[0], b, 100));
  write(v[1], "unread", 6);
  close(v[0]);
  sayPoll("peer closed unread", v[1]);
  say("read reset", read(v[1], b, 10));
  say("read again", read(v[1], b, 10));
  say("write closed", write(v[1], "x", 1));
  close(v[1]);
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  sayPoll("unconnected", s);
  say("read unconnected", read(s, b, 1));
  say("write unconnected", write(s, b, 1));
  say("listen unbound", listen(s, 1));
  say("accept unbound", accept(s, 0, 0));
  say("shutdown unconnected", shutdown(s, SHUT_RD));
  say("shutdown bad", shutdown(s, 7));
  struct sockaddr_un a;
  socklen_t l = un(&a, "/tmp/nobody-here", 0);
  ok("connect nobody", connect(s, (void*)&a, l));
  l = un(&a, "nobody", 1);
  ok("connect abstract nobody", connect(s, (void*)&a, l));
  a.sun_family = AF_INET;
  ok("connect wrong family", connect(s, (void*)&a, l));
  ok("connect long", connect(s, (void*)&a, 120));
  l = sizeof a;
  say("getsockname", getsockname(s, (void*)&a, &l));
  printf("len %d family %d\n", l, a.sun_family);
  say("getpeername", getpeername(s, (void*)&a, &l));
  l = -1;
  say("negative length", getsockname(s, (void*)&a, &l));
}

static void unixNames(void) {
  char dir[] = "/tmp/svc0-net-XXXXXX";
  mkdtemp(dir);
  char path[100];
  snprintf(path, sizeof path, "%s/sock", dir);
  struct sockaddr_un a;
  socklen_t l = un(&a, path, 0);
  int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0),
      d = socket(AF_UNIX, SOCK_DGRAM, 0);
  ok("bind", bind(s, (void*)&a, l));
  ok("bind twice", bind(s, (void*)&a, l));
  ok("bind other", bind(c, (void*)&a, l));
  struct stat st;
  stat(path, &st);
  printf("mode %o\n", st.st_mode & ~0777);
  ok("open", open(path, O_RDWR));
  ok("connect not listening", connect(c, (void*)&a, l));
  ok("connect wrong type", connect(d, (void*)&a, l));
  ok("listen", listen(s, 1));
  sayPoll("listening", s);
  ok("connect", connect(c, (void*)&a, l));
  sayPoll("connection waits", s);
  ok("connect again", connect(c, (void*)&a, l));
  struct sockaddr_un p;
  socklen_t pl = sizeof p;
  int x = accept(s, (void*)&p, &pl);
  ok("accept", x);
  printf("peer len %d\n", pl);
  pl = sizeof p;
  getpeername(c, (void*)&p, &pl);
  printf("name %d %d\n", (int)(pl - l), strcmp(p.sun_path, path));
  struct ucred cr;
  socklen_t cl = sizeof cr;
  say("peercred", getsockopt(c, SOL_SOCKET, SO_PEERCRED, &cr, &cl));
  printf("cred %d %d %d\n", cr.pid == getpid(), cr.uid == getuid(), cr.gid == getgid());
  fcntl(s, F_SETFL, O_NONBLOCK);
  ok("accept none", accept(s, 0, 0));
  int q[4];
  for (int i = 0; i < 4; i++) {
    q[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ok("queue", connect(q[i], (void*)&a, l));
  }
  close(s);
  char b[4];
  say("embryo read", read(q[0], b, 4));
  ok("connect closed", connect(q[3], (void*)&a, l));
  unlink(path);
  ok("connect gone", connect(q[3], (void*)&a, l));
  rmdir(dir);
  /* abstract */
  l = un(&a, "svc0-net-test", 1);
  s = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  c = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  ok("bind abstract", bind(s, (void*)&a, l));
  ok("bind abstract twice", bind(c, (void*)&a, l));
  ok("listen", listen(s, 3));
  ok("connect", connect(c, (void*)&a, l));
  x = accept(s, 0, 0);
  say("send", send(c, "first", 5, 0));
  say("send", send(c, "second message", 14, 0));
  char big[20];
  struct iovec iov = {big, 6};
  struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
  say("recv", recvmsg(x, &m, 0));
  printf("flags %x\n", m.msg_flags & ~MSG_EOR);
  say("recv", recvmsg(x, &m, 0));
  printf("flags %x\n", m.msg_flags & ~MSG_EOR);
  say("send zero", send(c, "", 0, 0));
  say("recv zero", recv(x, big, 20, 0));
  close(c);
  say("recv end", recv(x, big, 20, 0));
  say("send end", send(x, "x", 1, MSG_NOSIGNAL));
  sayPoll("seq end", x);
  /* autobind */
  s = socket(AF_UNIX, SOCK_DGRAM, 0);
  a.sun_family = AF_UNIX;
  ok("autobind", bind(s, (void*)&a, sizeof(sa_family_t)));
  l = sizeof a;
  getsockname(s, (void*)&a, &l);
  printf("autobind len %d first %d\n", l, a.sun_path[0]);
}

static void unixDgram(void) {
  struct sockaddr_un a, b;
  char buf[64];
  socklen_t la = un(&a, "svc0-dg-a", 1), lb = un(&b, "svc0-dg-b", 1);
  int s = socket(AF_UNIX, SOCK_DGRAM, 0), t = socket(AF_UNIX, SOCK_DGRAM, 0);
  bind(s, (void*)&a, la);
  say("sendto", sendto(t, "one", 3, 0, (void*)&a, la));
  struct sockaddr_un f;
  socklen_t lf = sizeof f;
  say("recvfrom", recvfrom(s, buf, 64, 0, (void*)&f, &lf));
  printf("from len %d\n", lf);
  bind(t, (void*)&b, lb);
  say("sendto", sendto(t, "long message", 12, 0, (void*)&a, la));
  lf = sizeof f;
  say("truncated", recvfrom(s, buf, 4, MSG_TRUNC, (void*)&f, &lf));
  printf("from len %d %s\n", lf, f.sun_path + 1);
  say("no destination", send(t, "x", 1, 0));
  ok("connect", connect(t, (void*)&a, la));
  say("send", send(t, "x", 1, 0));
  ok("connect back", connect(s, (void*)&b, lb));
  int u = socket(AF_UNIX, SOCK_DGRAM, 0);
  say("stranger", sendto(u, "y", 1, 0, (void*)&a, la));
  ok("stranger connect", connect(u, (void*)&a, la));
  say("recv", recv(s, buf, 64, 0));
  say("recv none", recv(s, buf, 64, MSG_DONTWAIT));
  int n = 0;
  while (send(t, "z", 1, MSG_DONTWAIT) == 1) n++;
  say("full", send(t, "z", 1, MSG_DONTWAIT));
  printf("some %d\n", n > 5);
  sayPoll("full", t);
  close(s);
  say("send to closed", send(t, "z", 1, MSG_DONTWAIT));
  say("send again", send(t, "z", 1, MSG_DONTWAIT));
  struct sockaddr un0 = {.sa_family = AF_UNSPEC};
  ok("disconnect", connect(t, &un0, sizeof un0));
  int v[2];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, v);
  ok("shut rd", shutdown(v[1], SHUT_RD));
  say("send to shut", send(v[0], "x", 1, MSG_NOSIGNAL));
  say("recv shut", recv(v[1], buf, 1, 0));
  sayPoll("shut", v[1]);
  char* bigbuf = calloc(1, 1 << 20);
  say("too big", send(v[1], bigbuf, 1 << 20, 0));
}

static void rights(void) {
  int v[2], p[2];
  char b[10];
  socketpair(AF_UNIX, SOCK_STREAM, 0, v);
  pipe(p);
  union {
    char c[CMSG_SPACE(sizeof(int) * 3)];
    struct cmsghdr h;
  } u, r;
  struct iovec iov = {"fd", 2};
  memset(&u, 0, sizeof u);
  struct msghdr m = {
      .msg_iov = &iov, .msg_iovlen = 1, .msg_control = u.c, .msg_controllen = CMSG_SPACE(sizeof(int))};
  u.h.cmsg_level = SOL_SOCKET;
  u.h.cmsg_type = SCM_RIGHTS;
  u.h.cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(&u.h), &p[1], sizeof(int));
  say("send fd", sendmsg(v[0], &m, 0));
  close(p[1]);
  struct iovec ri = {b, 10};
  struct msghdr rm = {.msg_iov = &ri, .msg_iovlen = 1, .msg_control = r.c, .msg_controllen = sizeof r.c};
  say("recv fd", recvmsg(v[1], &rm, MSG_CMSG_CLOEXEC));
  printf("control %zu len %zu type %d flags %x\n", (size_t)rm.msg_controllen, (size_t)r.h.cmsg_len,
         r.h.cmsg_type, rm.msg_flags & ~MSG_CMSG_CLOEXEC);
  int got;
  memcpy(&got, CMSG_DATA(&r.h), sizeof got);
  printf("cloexec %d\n", fcntl(got, F_GETFD));
  say("through it", write(got, "pipe!", 5));
  close(got);
  say("pipe", read(p[0], b, 10));
  say("pipe end", read(p[0], b, 10));
  int bad = 99;
  memcpy(CMSG_DATA(&u.h), &bad, sizeof bad);
  say("bad fd", sendmsg(v[0], &m, 0));
  memcpy(CMSG_DATA(&u.h), &p[0], sizeof(int));
  say("no room", sendmsg(v[0], &m, 0));
  rm.msg_control = 0;
  rm.msg_controllen = 0;
  say("recv no control", recvmsg(v[1], &rm, 0));
  printf("flags %x\n", rm.msg_flags);
  u.h.cmsg_len = 4;
  say("short header", sendmsg(v[0], &m, 0));
  int on = 1;
  setsockopt(v[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  say("send plain", write(v[0], "pc", 2));
  rm.msg_control = r.c;
  rm.msg_controllen = sizeof r.c;
  say("recv cred", recvmsg(v[1], &rm, 0));
  struct ucred c;
  memcpy(&c, CMSG_DATA(&r.h), sizeof c);
  printf("cred type %d %d %d\n", r.h.cmsg_type, c.pid == getpid(), c.uid == getuid());
  /* fds are dropped when the socket that holds them goes */
  u.h.cmsg_len = CMSG_LEN(sizeof(int));
  int q[2];
  pipe(q);
  memcpy(CMSG_DATA(&u.h), &q[1], sizeof(int));
  say("send fd", sendmsg(v[0], &m, 0));
  close(q[1]);
  close(v[0]);
  close(v[1]);
  say("dropped", read(q[0], b, 1));
}

static void tcpBasics(void) {
  char b[100];
  int port;
  int l = listener(&port);
  struct sockaddr_in a = in4(INADDR_LOOPBACK, port), x;
  socklen_t n = sizeof x;
  int c = socket(AF_INET, SOCK_STREAM, 0);
  sayPoll("fresh", c);
  say("read fresh", read(c, b, 1));
  pipes = 0;
  say("write fresh", write(c, b, 1));
  printf("signals %d\n", pipes);
  say("shutdown fresh", shutdown(c, SHUT_WR));
  close(c);
  c = socket(AF_INET, SOCK_STREAM, 0);
  say("getpeername", getpeername(c, (void*)&x, &n));
  ok("short address", connect(c, (void*)&a, 8));
  a.sin_family = AF_UNIX;
  ok("wrong family", connect(c, (void*)&a, sizeof a));
  a.sin_family = AF_INET;
  ok("connect", connect(c, (void*)&a, sizeof a));
  ok("connect again", connect(c, (void*)&a, sizeof a));
  sayPoll("listener", l);
  int s = accept4(l, (void*)&x, &n, SOCK_CLOEXEC);
  printf("accepted %d port %d cloexec %d\n", s >= 0, ntohs(x.sin_port) == portOf(c), fcntl(s, F_GETFD));
  printf("addr %s\n", inet_ntoa(x.sin_addr));
  sayPoll("listener", l);
  say("write", write(c, "abcdef", 6));
  say("peek", recv(s, b, 4, MSG_PEEK));
  say("trunc", recv(s, b, 2, MSG_TRUNC));
  say("read", read(s, b, 100));
  printf("%.4s\n", b);
  sayPoll("idle", s);
  say("oob", send(c, "!", 1, MSG_OOB));
  sayPoll("urgent", s);
  say("recv oob", recv(s, b, 1, MSG_OOB));
  printf("%c\n", b[0]);
  say("shut", shutdown(c, SHUT_WR));
  sayPoll("half closed", s);
  sayPoll("half closed own", c);
  say("eof", read(s, b, 10));
  say("eof again", read(s, b, 10));
  say("reply", write(s, "reply", 5));
  say("got", read(c, b, 100));
  close(s);
  sayPoll("closed", c);
  say("eof", read(c, b, 10));
  say("read listener", read(l, b, 1));
  say("write listener", write(l, b, 1));
  ok("accept on stream", accept(c, 0, 0));
  close(c);
  close(l);
  c = socket(AF_INET, SOCK_STREAM, 0);
  ok("refused", connect(c, (void*)&a, sizeof a));
  sayPoll("after refused", c);
  soError("error", c);
  struct sockaddr_in far = in4(0x0a000001, 80);
  int cc = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  ok("nb refused", connect(cc, (void*)&a, sizeof a));
  sayPoll("nb refused", cc);
  soError("nb error", cc);
  soError("nb error again", cc);
  (void)far;
}

static void tcpResets(void) {
  char b[100];
  int v[2];
  pairOf(v);
  write(v[0], "unread", 6);
  close(v[1]);
  sayPoll("reset", v[0]);
  say("read", read(v[0], b, 1));
  say("read 2", read(v[0], b, 1));
  pipes = 0;
  say("write", write(v[0], "x", 1));
  printf("signals %d\n", pipes);
  close(v[0]);
  pairOf(v);
  close(v[1]);
  sayPoll("fin", v[0]);
  say("write 1", write(v[0], "x", 1));
  sayPoll("after write", v[0]);
  say("write 2", send(v[0], "x", 1, MSG_NOSIGNAL));
  say("read", read(v[0], b, 1));
  close(v[0]);
  pairOf(v);
  write(v[1], "data", 4);
  struct linger lg = {1, 0};
  setsockopt(v[1], SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
  close(v[1]);
  sayPoll("linger", v[0]);
  say("read", read(v[0], b, 10));
  say("read 2", read(v[0], b, 10));
  close(v[0]);
  pairOf(v);
  shutdown(v[0], SHUT_RDWR);
  sayPoll("shut both", v[0]);
  sayPoll("shut by peer", v[1]);
  say("read", read(v[0], b, 1));
  say("send", send(v[0], "x", 1, MSG_NOSIGNAL));
  close(v[0]);
  close(v[1]);
  pairOf(v);
  shutdown(v[0], SHUT_RD);
  say("read shut", read(v[0], b, 1));
  say("peer writes", write(v[1], "zz", 2));
  say("read late", read(v[0], b, 10));
  close(v[0]);
  close(v[1]);
  int port, l = listener(&port);
  struct sockaddr_in a = in4(INADDR_LOOPBACK, port);
  int c = socket(AF_INET, SOCK_STREAM, 0);
  connect(c, (void*)&a, sizeof a);
  close(l);
  sayPoll("listener closed", c);
  say("read", read(c, b, 1));
  l = listener(&port);
  say("shut listener", shutdown(l, SHUT_RD));
  say("accept", accept(l, 0, 0));
  struct sockaddr u0 = {.sa_family = AF_UNSPEC};
  pairOf(v);
  ok("disconnect", connect(v[0], &u0, sizeof u0));
  say("read", read(v[1], b, 1));
  sayPoll("disconnected", v[0]);
}

static void tcpBinding(void) {
  int port;
  int l = listener(&port);
  int one = 1;
  struct sockaddr_in a = in4(INADDR_LOOPBACK, port), any = in4(0, port), other = in4(0x7f000002, port);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  ok("same", bind(s, (void*)&a, sizeof a));
  ok("any", bind(s, (void*)&any, sizeof any));
  ok("other address", bind(s, (void*)&other, sizeof other));
  ok("twice", bind(s, (void*)&any, sizeof any));
  close(s);
  s = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  ok("reuse while listening", bind(s, (void*)&a, sizeof a));
  close(s);
  struct sockaddr_in far = in4(0x08080808, 0);
  s = socket(AF_INET, SOCK_STREAM, 0);
  ok("not ours", bind(s, (void*)&far, sizeof far));
  ok("short", bind(s, (void*)&a, 4));
  close(s);
  close(l);
  /* TIME_WAIT keeps the port of who closed first */
  l = listener(&port);
  a = in4(INADDR_LOOPBACK, port);
  int c = socket(AF_INET, SOCK_STREAM, 0);
  connect(c, (void*)&a, sizeof a);
  int x = accept(l, 0, 0);
  close(x);
  char b;
  read(c, &b, 1);
  close(c);
  close(l);
  s = socket(AF_INET, SOCK_STREAM, 0);
  ok("time wait", bind(s, (void*)&a, sizeof a));
  close(s);
  /* two that share */
  int r1 = socket(AF_INET, SOCK_STREAM, 0), r2 = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(r1, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  setsockopt(r2, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  a = in4(INADDR_LOOPBACK, 0);
  bind(r1, (void*)&a, sizeof a);
  a = in4(INADDR_LOOPBACK, portOf(r1));
  ok("reuseport", bind(r2, (void*)&a, sizeof a));
  ok("listen 1", listen(r1, 1));
  ok("listen 2", listen(r2, 1));
  ok("bind after listen", bind(r1, (void*)&a, sizeof a));
  ok("connect listener", connect(r1, (void*)&a, sizeof a));
  s = socket(AF_INET, SOCK_STREAM, 0);
  ok("listen unbound", listen(s, 1));
  printf("got port %d\n", portOf(s) > 0);
  /* v6 */
  int six = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
  ok("bind6", bind(six, (void*)&a6, sizeof a6));
  ok("listen6", listen(six, 4));
  socklen_t n = sizeof a6;
  getsockname(six, (void*)&a6, &n);
  printf("len %d\n", n);
  a = in4(INADDR_LOOPBACK, ntohs(a6.sin6_port));
  c = socket(AF_INET, SOCK_STREAM, 0);
  ok("v4 to v6", connect(c, (void*)&a, sizeof a));
  n = sizeof a6;
  x = accept(six, (void*)&a6, &n);
  char t[64];
  printf("mapped %s\n", inet_ntop(AF_INET6, &a6.sin6_addr, t, sizeof t));
  ok("v4 same port", bind(s = socket(AF_INET, SOCK_STREAM, 0), (void*)&a, sizeof a));
  int only = socket(AF_INET6, SOCK_STREAM, 0);
  printf("v6only %d\n", opt(only, IPPROTO_IPV6, IPV6_V6ONLY));
  setsockopt(only, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  printf("v6only %d\n", opt(only, IPPROTO_IPV6, IPV6_V6ONLY));
}

static void tcpNonblock(void) {
  int port, l = listener(&port);
  struct sockaddr_in a = in4(INADDR_LOOPBACK, port);
  char b[10];
  int c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  ok("connect", connect(c, (void*)&a, sizeof a));
  sayPoll("done", c);
  soError("error", c);
  ok("connect again", connect(c, (void*)&a, sizeof a));
  ok("and again", connect(c, (void*)&a, sizeof a));
  say("read", read(c, b, 1));
  fcntl(l, F_SETFL, O_NONBLOCK);
  int s = accept(l, 0, 0);
  ok("accept", s);
  ok("accept none", accept(l, 0, 0));
  printf("inherits nonblock %d\n", fcntl(s, F_GETFL) & O_NONBLOCK);
  static char big[65536];
  long total = 0, n;
  while ((n = write(c, big, sizeof big)) > 0) total += n;
  printf("filled %d %s\n", total > 100000, err(errno));
  sayPoll("full", c);
  long got = 0;
  while (got < total && (n = read(s, big, sizeof big)) > 0) got += n;
  printf("drained %d\n", got == total);
  sayPoll("room", c);
  struct timeval tv = {0, 20000};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
  say("timeout", read(s, b, 1));
  struct timeval back;
  socklen_t bl = sizeof back;
  getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &back, &bl);
  printf("timeo %ld %ld\n", (long)back.tv_sec, (long)back.tv_usec);
  tv.tv_usec = 2000000;
  say("bad timeout", setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv));
  int low = 4;
  setsockopt(s, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low);
  write(c, "ab", 2);
  sayPoll("below low water", s);
}

static void* late(void* arg) {
  int fd = *(int*)arg;
  struct timespec t = {0, 50000000};
  nanosleep(&t, 0);
  write(fd, "late", 4);
  return 0;
}
static volatile int interrupting;
static void* interrupter(void* arg) {
  while (interrupting) {
    pthread_kill(*(pthread_t*)arg, SIGUSR1);
    struct timespec t = {0, 5000000};
    nanosleep(&t, 0);
  }
  return 0;
}
static void blocking(void) {
  int v[2];
  char b[10];
  pairOf(v);
  pthread_t t, me = pthread_self();
  pthread_create(&t, 0, late, &v[0]);
  say("blocked read", read(v[1], b, 10));
  pthread_join(t, 0);
  struct sigaction sa = {.sa_handler = nothing};
  sigaction(SIGUSR1, &sa, 0);
  interrupting = 1;
  pthread_create(&t, 0, interrupter, &me);
  say("interrupted", read(v[1], b, 10));
  interrupting = 0;
  pthread_join(t, 0);
  sa.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &sa, 0);
  struct timeval tv = {5, 0};
  setsockopt(v[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
  interrupting = 1;
  pthread_create(&t, 0, interrupter, &me);
  say("with timeout", read(v[1], b, 10));
  interrupting = 0;
  pthread_join(t, 0);
  pid_t p = fork();
  if (!p) {
    close(v[1]);
    write(v[0], "from child", 10);
    _exit(0);
  }
  close(v[0]);
  say("child", recv(v[1], b, 10, MSG_WAITALL));
  say("child end", read(v[1], b, 10));
  waitpid(p, 0, 0);
}

static void udp(void) {
  int s = socket(AF_INET, SOCK_DGRAM, 0), t = socket(AF_INET, SOCK_DGRAM, 0);
  char b[100];
  struct sockaddr_in a = in4(INADDR_LOOPBACK, 0), f;
  socklen_t n = sizeof f;
  sayPoll("fresh", s);
  say("no destination", send(s, "x", 1, 0));
  bind(s, (void*)&a, sizeof a);
  a = in4(INADDR_LOOPBACK, portOf(s));
  say("sendto", sendto(t, "hello", 5, 0, (void*)&a, sizeof a));
  say("recvfrom", recvfrom(s, b, 100, 0, (void*)&f, &n));
  printf("from %d %s\n", ntohs(f.sin_port) == portOf(t), inet_ntoa(f.sin_addr));
  sendto(t, "truncated", 9, 0, (void*)&a, sizeof a);
  struct iovec iov = {b, 4};
  struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
  say("recvmsg", recvmsg(s, &m, 0));
  printf("flags %x\n", m.msg_flags);
  sendto(t, "peeked", 6, 0, (void*)&a, sizeof a);
  say("peek", recv(s, b, 100, MSG_PEEK));
  int q;
  ioctl(s, FIONREAD, &q);
  printf("fionread %d\n", q);
  say("real", recv(s, b, 3, MSG_TRUNC));
  say("empty", recv(s, b, 1, MSG_DONTWAIT));
  sendto(t, "", 0, 0, (void*)&a, sizeof a);
  sayPoll("empty datagram", s);
  say("zero", recv(s, b, 10, 0));
  ok("connect", connect(t, (void*)&a, sizeof a));
  n = sizeof f;
  say("peer", getpeername(t, (void*)&f, &n));
  say("listen", listen(t, 1));
  ok("accept", accept(t, 0, 0));
  char* big = calloc(1, 70000);
  say("too big", send(t, big, 66000, 0));
  say("biggest", send(t, big, 65507, 0));
  say("over", send(t, big, 65508, 0));
  say("got", recv(s, big, 70000, 0));
  close(s);
  say("to nobody", send(t, "x", 1, 0));
  sayPoll("refused", t);
  say("refused", recv(t, b, 1, MSG_DONTWAIT));
  say("then", recv(t, b, 1, MSG_DONTWAIT));
  a.sin_port = 0;
  say("port 0", sendto(t, "x", 1, 0, (void*)&a, sizeof a));
  struct sockaddr u0 = {.sa_family = AF_UNSPEC};
  ok("disconnect", connect(t, &u0, sizeof u0));
  n = sizeof f;
  say("peer", getpeername(t, (void*)&f, &n));
  say("shutdown", shutdown(t, SHUT_RD));
  sayPoll("shut", t);
  int on = 1;
  s = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  a = in4(0, 0);
  bind(s, (void*)&a, sizeof a);
  a = in4(0x7f000003, portOf(s));
  t = socket(AF_INET, SOCK_DGRAM, 0);
  sendto(t, "i", 1, 0, (void*)&a, sizeof a);
  union {
    char c[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr h;
  } r;
  m.msg_control = r.c;
  m.msg_controllen = sizeof r.c;
  say("pktinfo", recvmsg(s, &m, 0));
  struct in_pktinfo pi;
  memcpy(&pi, CMSG_DATA(&r.h), sizeof pi);
  printf("to %s type %d\n", inet_ntoa(pi.ipi_addr), r.h.cmsg_type);
  struct mmsghdr mm[3];
  struct iovec io[3];
  char bb[3][8];
  memset(mm, 0, sizeof mm);
  for (int i = 0; i < 3; i++) {
    io[i] = (struct iovec){bb[i], i + 1};
    mm[i].msg_hdr.msg_iov = &io[i];
    mm[i].msg_hdr.msg_iovlen = 1;
    mm[i].msg_hdr.msg_name = &a;
    mm[i].msg_hdr.msg_namelen = sizeof a;
  }
  say("sendmmsg", sendmmsg(t, mm, 3, 0));
  for (int i = 0; i < 3; i++) {
    io[i].iov_len = 8;
    mm[i].msg_len = 9;
  }
  say("recvmmsg", recvmmsg(s, mm, 3, MSG_DONTWAIT, 0));
  printf("%d %d %d\n", mm[0].msg_len, mm[1].msg_len, mm[2].msg_len);
  say("recvmmsg none", recvmmsg(s, mm, 3, MSG_DONTWAIT, 0));
}

static void options(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), d = socket(AF_INET, SOCK_DGRAM, 0),
      u = socket(AF_UNIX, SOCK_STREAM, 0), v = 1, z = 10;
  printf("type %d %d proto %d %d domain %d %d\n", opt(s, SOL_SOCKET, SO_TYPE), opt(d, SOL_SOCKET, SO_TYPE),
         opt(s, SOL_SOCKET, SO_PROTOCOL), opt(d, SOL_SOCKET, SO_PROTOCOL), opt(s, SOL_SOCKET, SO_DOMAIN),
         opt(u, SOL_SOCKET, SO_DOMAIN));
  printf("acceptconn %d ", opt(s, SOL_SOCKET, SO_ACCEPTCONN));
  listen(s, 1);
  printf("%d\n", opt(s, SOL_SOCKET, SO_ACCEPTCONN));
  int names[] = {SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE, SO_DONTROUTE, SO_REUSEPORT};
  for (int i = 0; i < 6; i++) {
    printf("%d:%d", names[i], opt(d, SOL_SOCKET, names[i]));
    say(" set", setsockopt(d, SOL_SOCKET, names[i], &z, sizeof z));
    printf(" now %d\n", opt(d, SOL_SOCKET, names[i]));
  }
  z = 5000;
  setsockopt(d, SOL_SOCKET, SO_SNDBUF, &z, sizeof z);
  printf("sndbuf %d\n", opt(d, SOL_SOCKET, SO_SNDBUF));
  z = 1;
  setsockopt(d, SOL_SOCKET, SO_SNDBUF, &z, sizeof z);
  printf("sndbuf %d\n", opt(d, SOL_SOCKET, SO_SNDBUF));
  z = 1;
  setsockopt(d, SOL_SOCKET, SO_RCVBUF, &z, sizeof z);
  printf("rcvbuf %d\n", opt(d, SOL_SOCKET, SO_RCVBUF));
  say("short", setsockopt(d, SOL_SOCKET, SO_RCVBUF, &z, 2));
  say("unknown", setsockopt(d, SOL_SOCKET, 4000, &z, 4));
  say("read only", setsockopt(d, SOL_SOCKET, SO_TYPE, &z, 4));
  say("bad pointer", setsockopt(d, SOL_SOCKET, SO_RCVBUF, (void*)8, 4));
  say("negative", setsockopt(d, SOL_SOCKET, SO_RCVBUF, &z, -1));
  say("unknown level", setsockopt(d, 4000, 1, &z, 4));
  printf("get %d %d\n", opt(d, 4000, 1) < 0, opt(d, SOL_SOCKET, 4000));
  say("tcp on udp", setsockopt(d, IPPROTO_TCP, TCP_NODELAY, &v, 4));
  say("nodelay", setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &z, 4));
  printf("%d\n", opt(s, IPPROTO_TCP, TCP_NODELAY));
  say("keepidle", setsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &z, 4));
  printf("%d %d %d\n", opt(s, IPPROTO_TCP, TCP_KEEPIDLE), opt(s, IPPROTO_TCP, TCP_KEEPINTVL),
         opt(s, IPPROTO_TCP, TCP_KEEPCNT));
  z = 0;
  say("keepcnt 0", setsockopt(s, IPPROTO_TCP, TCP_KEEPCNT, &z, 4));
  say("tcp 4000", setsockopt(s, IPPROTO_TCP, 4000, &z, 4));
  printf("ttl %d tos %d\n", opt(s, IPPROTO_IP, IP_TTL), opt(s, IPPROTO_IP, IP_TOS));
  say("ttl 0", setsockopt(s, IPPROTO_IP, IP_TTL, &z, 4));
  say("unix reuseport", setsockopt(u, SOL_SOCKET, SO_REUSEPORT, &v, 4));
  say("unix nodelay", setsockopt(u, IPPROTO_TCP, TCP_NODELAY, &v, 4));
  printf("unix get %d\n", opt(u, IPPROTO_TCP, TCP_NODELAY));
  say("passcred inet", setsockopt(s, SOL_SOCKET, SO_PASSCRED, &v, 4));
  struct linger lg;
  socklen_t n = sizeof lg;
  say("linger", getsockopt(s, SOL_SOCKET, SO_LINGER, &lg, &n));
  printf("%d %d %d\n", lg.l_onoff, lg.l_linger, n);
  char c;
  n = 1;
  say("one byte", getsockopt(s, SOL_SOCKET, SO_TYPE, &c, &n));
  printf("%d %d\n", c, n);
  n = -1;
  say("negative", getsockopt(s, SOL_SOCKET, SO_TYPE, &c, &n));
}

static int ep1(int ep) {
  struct epoll_event e;
  int n = epoll_wait(ep, &e, 1, 0);
  return n == 1 ? (int)e.events : 0;
}
static void epolls(void) {
  int ep = epoll_create1(0), v[2];
  char b[10];
  socketpair(AF_UNIX, SOCK_STREAM, 0, v);
  struct epoll_event e = {EPOLLIN | EPOLLET | EPOLLRDHUP, {.u64 = 7}};
  say("add", epoll_ctl(ep, EPOLL_CTL_ADD, v[0], &e));
  say("again", epoll_ctl(ep, EPOLL_CTL_ADD, v[0], &e));
  printf("%x ", ep1(ep));
  write(v[1], "a", 1);
  printf("%x ", ep1(ep));
  printf("%x ", ep1(ep));
  write(v[1], "b", 1);
  printf("%x ", ep1(ep));
  read(v[0], b, 10);
  printf("%x\n", ep1(ep));
  e.events = EPOLLIN | EPOLLOUT | EPOLLET;
  epoll_ctl(ep, EPOLL_CTL_MOD, v[0], &e);
  printf("%x ", ep1(ep));
  printf("%x ", ep1(ep));
  write(v[1], "c", 1);
  printf("%x\n", ep1(ep));
  e.events = EPOLLIN | EPOLLONESHOT;
  epoll_ctl(ep, EPOLL_CTL_MOD, v[0], &e);
  printf("%x ", ep1(ep));
  printf("%x ", ep1(ep));
  write(v[1], "d", 1);
  printf("%x ", ep1(ep));
  epoll_ctl(ep, EPOLL_CTL_MOD, v[0], &e);
  printf("%x\n", ep1(ep));
  e.events = EPOLLIN;
  epoll_ctl(ep, EPOLL_CTL_MOD, v[0], &e);
  printf("%x ", ep1(ep));
  printf("%x\n", ep1(ep));
  read(v[0], b, 10);
  printf("%x\n", ep1(ep));
  e.events = EPOLLIN | EPOLLRDHUP;
  epoll_ctl(ep, EPOLL_CTL_MOD, v[0], &e);
  shutdown(v[1], SHUT_WR);
  printf("%x ", ep1(ep));
  close(v[1]);
  printf("%x\n", ep1(ep));
  int d = dup(v[0]);
  close(v[0]);
  printf("%x ", ep1(ep));
  close(d);
  printf("%x\n", ep1(ep));
  int e2 = epoll_create1(0), e3 = epoll_create1(0);
  e.events = EPOLLIN;
  say("nest", epoll_ctl(e2, EPOLL_CTL_ADD, e3, &e));
  say("loop", epoll_ctl(e3, EPOLL_CTL_ADD, e2, &e));
  say("self", epoll_ctl(e2, EPOLL_CTL_ADD, e2, &e));
  socketpair(AF_UNIX, SOCK_STREAM, 0, v);
  epoll_ctl(e3, EPOLL_CTL_ADD, v[0], &e);
  printf("%x ", ep1(e2));
  write(v[1], "x", 1);
  printf("%x\n", ep1(e2));
  e.events = EPOLLIN | EPOLLEXCLUSIVE;
  say("exclusive", epoll_ctl(ep, EPOLL_CTL_ADD, v[0], &e));
  say("exclusive mod", epoll_ctl(ep, EPOLL_CTL_MOD, v[0], &e));
  e.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
  say("exclusive oneshot", epoll_ctl(ep, EPOLL_CTL_ADD, v[1], &e));
  say("bad op", epoll_ctl(ep, 9, v[1], &e));
  say("not there", epoll_ctl(ep, EPOLL_CTL_DEL, v[1], 0));
  int f = open("/proc/self/exe", O_RDONLY);
  say("file", epoll_ctl(ep, EPOLL_CTL_ADD, f, &e));
  say("no epoll", epoll_ctl(v[0], EPOLL_CTL_ADD, v[1], &e));
}

int main(int argc, char** argv) {
  setvbuf(stdout, 0, _IONBF, 0);
  struct sigaction sa = {.sa_handler = onPipe};
  sigaction(SIGPIPE, &sa, 0);
  struct {
    const char* name;
    void (*run)(void);
  } all[] = {{"families", families},
             {"unixStream", unixStream},
             {"unixNames", unixNames},
             {"unixDgram", unixDgram},
             {"rights", rights},
             {"tcpBasics", tcpBasics},
             {"tcpResets", tcpResets},
             {"tcpBinding", tcpBinding},
             {"tcpNonblock", tcpNonblock},
             {"blocking", blocking},
             {"udp", udp},
             {"options", options},
             {"epolls", epolls}};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
    if (argc < 2 || !strcmp(argv[1], all[i].name)) {
      printf("== %s\n", all[i].name);
      all[i].run();
    }
  return 0;
}
