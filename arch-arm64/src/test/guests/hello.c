/* Arguments, a library call, the auxiliary vector. */
#include <math.h>
#include <stdio.h>
#include <sys/auxv.h>

int main(int argc, char **argv) {
  printf("%d", argc);
  for (int i = 0; i < argc; i++) {
    printf(" %s", argv[i]);
  }
  volatile double one = 1;
  printf("\nsin %f\n", sin(one));
  printf("random %d pagesz %lu execfn %s\n", getauxval(AT_RANDOM) != 0, getauxval(AT_PAGESZ),
         (char *)getauxval(AT_EXECFN));
  return 5;
}
