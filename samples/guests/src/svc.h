/* System calls and the little else these programs need, without a C library. */
#ifndef SVC_H
#define SVC_H

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

static inline long svc6(long nr, long a, long b, long c, long d, long e, long f) {
  register long x8 asm("x8") = nr;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc #0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory", "cc");
  return x0;
}

#define svc(...) svc_pad(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
#define svc_pad(nr, a, b, c, d, e, f, ...) \
  svc6((nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static inline size_t length(const char *s) {
  size_t n = 0;
  while (s[n]) n++;
  return n;
}

/* The compiler may call these by itself. */
__attribute__((used)) void *memset(void *to, int byte, size_t n) {
  for (volatile char *p = to; n--;) *p++ = (char)byte;
  return to;
}

__attribute__((used)) void *memcpy(void *to, const void *from, size_t n) {
  volatile char *p = to;
  for (const char *q = from; n--;) *p++ = *q++;
  return to;
}

static inline void print(const char *s) { svc(__NR_write, 1, s, length(s)); }

static inline void print_number(long value) {
  char digits[24];
  char *p = digits + sizeof digits;
  unsigned long left = value < 0 ? -(unsigned long)value : (unsigned long)value;
  *--p = 0;
  do {
    *--p = (char)('0' + left % 10);
    left /= 10;
  } while (left);
  if (value < 0) *--p = '-';
  print(p);
}

#endif
