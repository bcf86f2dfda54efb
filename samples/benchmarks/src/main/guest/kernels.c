// Small programs in one: what takes time is one loop each. `kernels NAME ROUNDS` prints a number that
// depends on all of the work; `kernels NAME ROUNDS SECONDS` does the rounds again and again for so
// many seconds of CPU time, and prints the number and the shortest time that all rounds took, in
// nanoseconds; `kernels NAME ROUNDS SECONDS THREADS [WARMING]` does it in several threads at once and
// prints how often all rounds were done, by the clock, after so many seconds that do not count. Written
// for svc0; no libraries but libc.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint64_t (*kernel)(long rounds);

// Of each thread: in_threads() is about work that shares nothing.
static _Thread_local uint64_t words[4096];

static uint64_t rotate(uint64_t x, int n) { return x << n | x >> (64 - n); }

// Four lanes over a buffer, as fast hashes of large inputs work.
static uint64_t hash(long rounds) {
  const uint64_t p = 0x9e3779b185ebca87u, q = 0xc2b2ae3d27d4eb4fu;
  for (int i = 0; i < 4096; i++) words[i] = (uint64_t)i * p;
  uint64_t a = p + q, b = q, c = 0, d = 0 - p;
  for (long r = 0; r < rounds; r++) {
    for (int i = 0; i < 4096; i += 4) {
      a = rotate(a + words[i] * q, 31) * p;
      b = rotate(b + words[i + 1] * q, 31) * p;
      c = rotate(c + words[i + 2] * q, 31) * p;
      d = rotate(d + words[i + 3] * q, 31) * p;
    }
    words[r & 4095] ^= a;
  }
  return rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
}

static uint32_t crc_table[256];
static unsigned char crc_data[65536];

static uint64_t crc(long rounds) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
    crc_table[i] = c;
  }
  for (size_t i = 0; i < sizeof crc_data; i++) crc_data[i] = (unsigned char)(i * 31 >> 3);
  uint32_t c = ~0u;
  for (long r = 0; r < rounds; r++)
    for (size_t i = 0; i < sizeof crc_data; i++)
      c = crc_table[(c ^ crc_data[i]) & 255] ^ c >> 8;
  return c;
}

static unsigned char composite[1 << 20];

static uint64_t sieve(long rounds) {
  uint64_t sum = 0;
  for (long r = 0; r < rounds; r++) {
    memset(composite, 0, sizeof composite);
    for (size_t i = 2; i * i < sizeof composite; i++)
      if (!composite[i])
        for (size_t j = i * i; j < sizeof composite; j += i) composite[j] = 1;
    for (size_t i = 2; i < sizeof composite; i++) sum += !composite[i];
  }
  return sum;
}

enum { N = 96 };
static double left[N][N], right[N][N], product[N][N];

static uint64_t matrix(long rounds) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) left[i][j] = 1.0 / (i + j + 1), right[i][j] = (i - j) * 0.25;
  for (long r = 0; r < rounds; r++) {
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double s = 0;
        for (int k = 0; k < N; k++) s += left[i][k] * right[k][j];
        product[i][j] = s;
      }
    left[0][0] = product[N / 2][N / 3] * 1e-3;
  }
  uint64_t bits;
  memcpy(&bits, &product[3][5], sizeof bits);
  return bits;
}

// A stack machine: sums i*i ^ 5 for i up to an operand.
enum { PUSH, ADD, XOR, MUL, LOAD, STORE, LESS, JUMP_IF, DEC, HALT };

static uint64_t execute(const int *code, long *slots) {
  long stack[32];
  int sp = 0, pc = 0;
  for (;;) switch (code[pc++]) {
    case PUSH: stack[sp++] = code[pc++]; break;
    case ADD: sp--; stack[sp - 1] += stack[sp]; break;
    case XOR: sp--; stack[sp - 1] ^= stack[sp]; break;
    case MUL: sp--; stack[sp - 1] *= stack[sp]; break;
    case LOAD: stack[sp++] = slots[code[pc++]]; break;
    case STORE: slots[code[pc++]] = stack[--sp]; break;
    case LESS: sp--; stack[sp - 1] = stack[sp - 1] < stack[sp]; break;
    case JUMP_IF: pc = stack[--sp] ? code[pc] : pc + 1; break;
    case DEC: slots[code[pc++]]--; break;
    default: return (uint64_t)slots[1];
  }
}

static uint64_t bytecode(long rounds) {
  static const int program[] = {LOAD, 0, LOAD, 0, MUL, PUSH, 5, XOR, LOAD, 1, ADD, STORE, 1, DEC, 0,
                                PUSH, 0, LOAD, 0, LESS, JUMP_IF, 0, HALT};
  uint64_t sum = 0;
  for (long r = 0; r < rounds; r++) {
    long slots[2] = {10000 + r % 3, 0};
    sum += execute(program, slots);
  }
  return sum;
}

static int numbers[1 << 16];

static void sort_range(int *a, long from, long to) {
  while (from < to) {
    int pivot = a[(from + to) / 2];
    long i = from, j = to;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        int t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (j - from < to - i) {
      sort_range(a, from, j);
      from = i;
    } else {
      sort_range(a, i, to);
      to = j;
    }
  }
}

static uint64_t sort(long rounds) {
  uint64_t sum = 0;
  uint32_t seed = 1;
  long n = sizeof numbers / sizeof *numbers;
  for (long r = 0; r < rounds; r++) {
    for (long i = 0; i < n; i++) numbers[i] = (int)(seed = seed * 1664525u + 1013904223u);
    sort_range(numbers, 0, n - 1);
    sum = sum * 31 + (uint32_t)numbers[n / 2];
  }
  return sum;
}

__attribute__((noinline)) static long fibonacci(long n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static uint64_t calls(long rounds) {
  uint64_t sum = 0;
  for (long r = 0; r < rounds; r++) sum += (uint64_t)fibonacci(24 + r % 2);
  return sum;
}

static char text[1 << 16];

__attribute__((noinline)) static const char *find(const char *hay, const char *needle) {
  for (; *hay; hay++) {
    const char *h = hay, *n = needle;
    while (*n && *h == *n) h++, n++;
    if (!*n) return hay;
  }
  return 0;
}

static uint64_t search(long rounds) {
  for (size_t i = 0; i + 1 < sizeof text; i++) text[i] = (char)('a' + (i * i >> 4) % 7);
  memcpy(text + sizeof text - 20, "needle", 6);
  uint64_t sum = 0;
  for (long r = 0; r < rounds; r++) {
    text[r & 1023] = (char)('a' + r % 7);
    sum += (uint64_t)(find(text, "needle") - text) + (uint64_t)r;
  }
  return sum;
}

// The same loops written so that the compiler vectorises them.
static float fa[4096], fb[4096];
static uint32_t ua[4096], ub[4096];

static uint64_t saxpy(long rounds) {
  for (int i = 0; i < 4096; i++) fa[i] = (float)i * 0.5f, fb[i] = (float)(i % 17);
  for (long r = 0; r < rounds; r++)
    for (int i = 0; i < 4096; i++) fa[i] = fa[i] * 0.999f + fb[i];
  uint32_t bits;
  memcpy(&bits, &fa[77], sizeof bits);
  return bits;
}

static uint64_t mix(long rounds) {
  for (int i = 0; i < 4096; i++) ua[i] = (uint32_t)i * 2654435761u, ub[i] = (uint32_t)(i ^ 0x55);
  for (long r = 0; r < rounds; r++)
    for (int i = 0; i < 4096; i++) ua[i] = (ua[i] ^ ua[i] >> 7) + (ub[i] << 3 | ub[i] >> 29);
  uint64_t sum = 0;
  for (int i = 0; i < 4096; i++) sum += ua[i];
  return sum;
}

static const struct {
  const char *name;
  kernel run;
} kernels[] = {{"hash", hash}, {"crc", crc}, {"sieve", sieve}, {"matrix", matrix}, {"bytecode", bytecode},
               {"sort", sort}, {"calls", calls}, {"search", search}, {"saxpy", saxpy}, {"mix", mix}};

static long long now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static kernel chosen;
static long rounds;
static long long begin, end;

// Rounds that are half outside count for neither.
static void *repeat(void *times) {
  for (long long before; (before = now(CLOCK_MONOTONIC)) < end;) {
    chosen(rounds);
    if (before >= begin && now(CLOCK_MONOTONIC) <= end) ++*(long *)times;
  }
  return 0;
}

// Works for so many seconds in each thread; for kernels that share nothing that they write.
static void in_threads(int threads) {
  pthread_t ids[16];
  struct { _Alignas(256) long times; } done[16] = {{0}};
  long all = 0;
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], 0, repeat, &done[i].times);
  for (int i = 0; i < threads; i++) pthread_join(ids[i], 0), all += done[i].times;
  printf("%ld\n", all);
}

// Until the process has used the seconds: on a busy machine that takes longer.
static void alone(long long seconds) {
  long long best = INT64_MAX;
  uint64_t result;
  do {
    long long before = now(CLOCK_MONOTONIC);
    result = chosen(rounds);
    long long took = now(CLOCK_MONOTONIC) - before;
    if (took < best) best = took;
  } while (now(CLOCK_PROCESS_CPUTIME_ID) < seconds);
  printf("%016llx %lld\n", (unsigned long long)result, best);
}

int main(int argc, char **argv) {
  for (size_t i = 0; argc > 2 && i < sizeof kernels / sizeof *kernels; i++)
    if (!strcmp(kernels[i].name, argv[1])) chosen = kernels[i].run;
  if (!chosen || argc > 6) {
    fprintf(stderr, "usage: kernels NAME ROUNDS [SECONDS [THREADS [WARMING]]]\n");
    return 2;
  }
  rounds = atol(argv[2]);
  begin = now(CLOCK_MONOTONIC) + (argc > 5 ? atoll(argv[5]) * 1000000000ll : 0);
  end = begin + (argc > 3 ? atoll(argv[3]) * 1000000000ll : 0);
  if (argc >= 5 && atoi(argv[4]) > 0 && atoi(argv[4]) <= 16)
    in_threads(atoi(argv[4]));
  else if (argc == 4)
    alone(atoll(argv[3]) * 1000000000ll);
  else
    printf("%016llx\n", (unsigned long long)chosen(rounds));
  return 0;
}
