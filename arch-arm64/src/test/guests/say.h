/* One line says what a call did: its result, or the name of its error. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char* err(int e) {
  const char* n = strerrorname_np(e);
  return n ? n : "0";
}
static void say(const char* what, long result) {
  int e = errno;
  if (result < 0)
    printf("%s: %s\n", what, err(e));
  else
    printf("%s: %ld\n", what, result);
}
static void ok(const char* what, long result) {
  int e = errno;
  printf("%s: %s\n", what, result < 0 ? err(e) : "ok");
}
