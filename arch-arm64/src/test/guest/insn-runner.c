/*
 * Executes single instructions on given register states and tells what came out.
 *
 * Reads batches from standard input: a count, then that many cases. Each instruction is put between
 * breakpoints; the signal handler loads the state of the next case into the frame it returns to and
 * saves what the breakpoint (or any other fault) of the last one left there.
 *
 * aarch64-linux-gnu-gcc -O2 -static -nostdlib -fno-stack-protector -ffreestanding -s -Wl,--build-id=none,-z,noseparate-code,-z,max-page-size=4096 -o insn-runner insn-runner.c -lgcc
 */
#include <asm/sigcontext.h>
#include <linux/types.h>
#include <signal.h>
#include <ucontext.h>

#define CODE 0x10000000UL
#define SCRATCH 0x20000000UL
#define WINDOW (SCRATCH + 0x8000)
#define SLOT 0x400
#define BATCH 64
#define BRK 0xd4200000U

struct state {
  __u64 x[31], sp, pc;
  __u32 insn, nzcv, fpcr, fpsr;
  __u64 v[64];
  __u64 memory[32];
};

static struct state in[BATCH], out[BATCH];
static char stack[65536];
static ucontext_t idle;
static long current = -1, count;

static long call(long nr, long a, long b, long c, long d, long e, long f) {
  register long x8 asm("x8") = nr;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}

static void copy(void *to, const void *from, long bytes) {
  volatile char *t = to;
  const char *f = from;
  for (long i = 0; i < bytes; i++) t[i] = f[i];
}

static struct fpsimd_context *fp(ucontext_t *uc) {
  return (struct fpsimd_context *)uc->uc_mcontext.__reserved;
}

static __u64 slot(long i) { return CODE + i * SLOT + SLOT / 2; }

static void save(struct state *s, ucontext_t *uc, int sig) {
  copy(s->x, uc->uc_mcontext.regs, sizeof s->x);
  s->sp = uc->uc_mcontext.sp;
  s->pc = uc->uc_mcontext.pc;
  s->insn = sig;
  s->nzcv = uc->uc_mcontext.pstate >> 28;
  s->fpcr = fp(uc)->fpcr;
  s->fpsr = fp(uc)->fpsr;
  copy(s->v, fp(uc)->vregs, sizeof s->v);
  copy(s->memory, (void *)WINDOW, sizeof s->memory);
}

static void load(const struct state *s, ucontext_t *uc) {
  copy(uc->uc_mcontext.regs, s->x, sizeof s->x);
  uc->uc_mcontext.sp = s->sp;
  uc->uc_mcontext.pstate = (__u64)s->nzcv << 28;
  fp(uc)->fpcr = s->fpcr;
  fp(uc)->fpsr = s->fpsr;
  copy(fp(uc)->vregs, s->v, sizeof s->v);
  copy((void *)WINDOW, s->memory, sizeof s->memory);
}

static void handler(int sig, siginfo_t *info, void *frame) {
  ucontext_t *uc = frame;
  (void)info;
  if (current < 0) {
    copy(idle.uc_mcontext.regs, uc->uc_mcontext.regs, sizeof uc->uc_mcontext.regs);
    idle.uc_mcontext.sp = uc->uc_mcontext.sp;
    idle.uc_mcontext.pc = uc->uc_mcontext.pc;
    idle.uc_mcontext.pstate = uc->uc_mcontext.pstate;
  } else {
    save(&out[current], uc, sig);
  }
  if (++current < count) {
    load(&in[current], uc);
    uc->uc_mcontext.pc = slot(current);
    return;
  }
  copy(uc->uc_mcontext.regs, idle.uc_mcontext.regs, sizeof uc->uc_mcontext.regs);
  uc->uc_mcontext.sp = idle.uc_mcontext.sp;
  uc->uc_mcontext.pc = idle.uc_mcontext.pc + 4;
  uc->uc_mcontext.pstate = idle.uc_mcontext.pstate;
}

static int transfer(long nr, long fd, char *buffer, long bytes) {
  while (bytes > 0) {
    long n = call(nr, fd, (long)buffer, bytes, 0, 0, 0);
    if (n <= 0) return 0;
    buffer += n;
    bytes -= n;
  }
  return 1;
}

static void prepare(void) {
  struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action = {
      handler, SA_SIGINFO | SA_ONSTACK | SA_NODEFER, 0, 0};
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  int signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS};
  call(222, CODE, 0x10000, 7, 0x32, -1, 0);
  call(222, SCRATCH, 0x10000, 3, 0x32, -1, 0);
  call(132, (long)&alternative, 0, 0, 0, 0, 0);
  for (int i = 0; i < 4; i++) call(134, signals[i], (long)&action, 0, 8, 0, 0);
}

void _start(void) {
  __u32 wanted;
  prepare();
  for (long i = 0; i < 0x10000 / 4; i++) ((volatile __u32 *)CODE)[i] = BRK;
  while (transfer(63, 0, (char *)&wanted, 4)) {
    count = wanted;
    transfer(63, 0, (char *)in, count * sizeof in[0]);
    for (long i = 0; i < count; i++) *(volatile __u32 *)slot(i) = in[i].insn;
    __builtin___clear_cache((char *)CODE, (char *)CODE + 0x10000);
    current = -1;
    asm volatile("brk #1" : : : "memory");
    transfer(64, 1, (char *)out, count * sizeof out[0]);
  }
  call(93, 0, 0, 0, 0, 0, 0);
}
