/* The kernel's asynchronous I/O by its bare calls, memory policies, vhangup: a line for each step. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *name(long result) {
  static char text[32];
  if (result >= 0) {
    snprintf(text, sizeof text, "%ld", result);
    return text;
  }
  return errno == ENOSYS ? "ENOSYS" : strerrorname_np(errno);
}

static void say(const char *what, long result) { printf("%s %s\n", what, name(result)); }

static struct iocb request(int op, int fd, void *buffer, long bytes, long at) {
  struct iocb iocb = {0};
  iocb.aio_data = 1000 + op;
  iocb.aio_lio_opcode = op;
  iocb.aio_fildes = fd;
  iocb.aio_buf = (uintptr_t)buffer;
  iocb.aio_nbytes = bytes;
  iocb.aio_offset = at;
  return iocb;
}

static long submit(aio_context_t ctx, struct iocb *iocb) {
  return syscall(SYS_io_submit, ctx, 1, &iocb);
}

static void events(aio_context_t ctx, long least) {
  struct io_event got[8];
  struct timespec soon = {0, 1000000};
  long n = syscall(SYS_io_getevents, ctx, least, 8, got, least ? NULL : &soon);
  printf("events %s", name(n));
  for (long i = 0; i < n; i++) {
    printf(" [%llu %lld]", (unsigned long long)got[i].data, (long long)got[i].res);
  }
  printf("\n");
}

int main(void) {
  aio_context_t ctx = 0, bad = 1, none = 0;
  char text[] = "asynchronous", buffer[64] = "";
  int fd = open("/tmp/aio-file", O_RDWR | O_CREAT | O_TRUNC, 0600);
  int read_only = open("/tmp/aio-file", O_RDONLY);
  say("setup not zero", syscall(SYS_io_setup, 4, &bad));
  say("setup nothing", syscall(SYS_io_setup, 0, &ctx));
  say("setup nowhere", syscall(SYS_io_setup, 4, (void *)8));
  say("setup", syscall(SYS_io_setup, 4, &ctx));
  printf("context %d\n", ctx != 0);
  say("submit elsewhere", syscall(SYS_io_submit, none, 1, NULL));
  say("submit none", syscall(SYS_io_submit, ctx, 0, NULL));
  say("submit negative", syscall(SYS_io_submit, ctx, -1L, NULL));
  say("submit nowhere", syscall(SYS_io_submit, ctx, 1, (void *)8));

  struct iocb one = request(IOCB_CMD_PWRITE, fd, text, 12, 100);
  say("write", submit(ctx, &one));
  events(ctx, 1);
  struct iovec v[2] = {{buffer, 4}, {buffer + 10, 20}};
  struct iocb many[3] = {request(IOCB_CMD_PREAD, fd, buffer + 40, 6, 106),
                         request(IOCB_CMD_PREADV, fd, v, 2, 100),
                         request(IOCB_CMD_FSYNC, fd, NULL, 0, 0)};
  struct iocb *all[3] = {&many[0], &many[1], &many[2]};
  say("three", syscall(SYS_io_submit, ctx, 3, all));
  events(ctx, 3);
  printf("read %s %s %s\n", buffer, buffer + 10, buffer + 40);
  events(ctx, 0);

  one = request(IOCB_CMD_PWRITE, read_only, text, 1, 0);
  say("not for writing", submit(ctx, &one));
  one = request(IOCB_CMD_PREAD, 99, text, 1, 0);
  say("no descriptor", submit(ctx, &one));
  one = request(77, fd, text, 1, 0);
  say("no command", submit(ctx, &one));
  one = request(IOCB_CMD_PREAD, fd, text, -1, 0);
  say("negative", submit(ctx, &one));
  one = request(IOCB_CMD_PREAD, fd, buffer, 1, 0);
  one.aio_reserved2 = 1;
  say("reserved", submit(ctx, &one));
  one = request(IOCB_CMD_PREAD, fd, (void *)8, 4, 100);
  say("bad buffer", submit(ctx, &one));
  events(ctx, 0);
  struct iocb wrong = request(77, fd, NULL, 0, 0);
  one = request(IOCB_CMD_PREAD, fd, buffer, 4, 100);
  all[0] = &one;
  all[1] = &wrong;
  say("one of two", syscall(SYS_io_submit, ctx, 2, all));
  events(ctx, 1);

  int counter = eventfd(0, EFD_NONBLOCK);
  one = request(IOCB_CMD_PREAD, fd, buffer, 4, 100);
  one.aio_flags = IOCB_FLAG_RESFD;
  one.aio_resfd = counter;
  say("with counter", submit(ctx, &one));
  events(ctx, 1);
  uint64_t count = 0;
  say("counted", read(counter, &count, 8) == 8 ? (long)count : -1);
  one.aio_resfd = fd;
  say("no counter", submit(ctx, &one));

  say("more than there are", syscall(SYS_io_getevents, ctx, 9, 8, NULL, NULL));
  say("cancel", syscall(SYS_io_cancel, ctx, &one, (struct io_event *)buffer));
  say("destroy", syscall(SYS_io_destroy, ctx));
  say("destroyed", syscall(SYS_io_destroy, ctx));
  say("destroyed", syscall(SYS_io_getevents, ctx, 0, 1, buffer, NULL));

  int policy = -1;
  unsigned long mask[16] = {7}, both[16] = {3}, first = 1;
  say("policy", syscall(SYS_get_mempolicy, &policy, mask, 64 * 16, NULL, 0));
  printf("policy %d mask %lx\n", policy, mask[0]);
  say("bind", syscall(SYS_set_mempolicy, 2, &first, 64));
  say("policy", syscall(SYS_get_mempolicy, &policy, NULL, 0, NULL, 0));
  printf("policy %d\n", policy);
  say("bind to none", syscall(SYS_set_mempolicy, 2, NULL, 0));
  say("no such mode", syscall(SYS_set_mempolicy, 99, NULL, 0));
  say("default with nodes", syscall(SYS_set_mempolicy, 0, &first, 64));
  say("default", syscall(SYS_set_mempolicy, 0, NULL, 0));
  say("flags", syscall(SYS_get_mempolicy, &policy, NULL, 0, NULL, 64));
  say("allowed", syscall(SYS_get_mempolicy, NULL, both, 1024, NULL, 4));
  printf("allowed %lx\n", both[0] & 1);
  say("address without flag", syscall(SYS_get_mempolicy, &policy, NULL, 0, &policy, 0));
  return 0;
}
