// The code that the kernel maps into each process: the clock calls without a system call, and the way
// back from a signal handler. build.sh makes vdso.so of it.
//
// The page below the image holds data that the kernel writes once, at execve:
//   0   bit n says that clock n is the counter plus an offset
//   8   offsets in nanoseconds, one for each clock of 0...7
// The counter counts nanoseconds.

#define NR_RT_SIGRETURN 139
#define NR_CLOCK_GETTIME 113
#define NR_CLOCK_GETRES 114
#define NR_GETTIMEOFDAY 169

    .macro function name
    .globl \name
    .type \name, %function
    .balign 16
\name:
    .endm

    .macro nanos to, clock, fallback
    adrp x9, vvar
    add x9, x9, :lo12:vvar
    ldr x10, [x9], #8
    lsr x10, x10, \clock
    tbz x10, #0, \fallback
    ldr x10, [x9, \clock, lsl #3]
    mrs \to, cntvct_el0
    add \to, \to, x10
    .endm

    .macro load_1e9 to
    mov \to, #0xca00
    movk \to, #0x3b9a, lsl #16
    .endm

    .text
    nop                         // unwinders look one instruction before the return address
function __kernel_rt_sigreturn
    mov x8, #NR_RT_SIGRETURN
    svc #0
    .size __kernel_rt_sigreturn, . - __kernel_rt_sigreturn

// int clock_gettime(clockid_t w0, struct timespec *x1)
function __kernel_clock_gettime
    cmp w0, #7
    b.hi 1f
    mov w2, w0
    nanos x3, x2, 1f
    load_1e9 x4
    udiv x5, x3, x4
    msub x6, x5, x4, x3
    stp x5, x6, [x1]
    mov w0, #0
    ret
1:  mov x8, #NR_CLOCK_GETTIME
    svc #0
    ret
    .size __kernel_clock_gettime, . - __kernel_clock_gettime

// int gettimeofday(struct timeval *x0, struct timezone *x1)
function __kernel_gettimeofday
    mov x2, #0
    nanos x3, x2, 3f
    cbz x0, 1f
    load_1e9 x4
    udiv x5, x3, x4
    msub x6, x5, x4, x3
    mov x7, #1000
    udiv x6, x6, x7
    stp x5, x6, [x0]
1:  cbz x1, 2f
    str xzr, [x1]
2:  mov w0, #0
    ret
3:  mov x8, #NR_GETTIMEOFDAY
    svc #0
    ret
    .size __kernel_gettimeofday, . - __kernel_gettimeofday

// int clock_getres(clockid_t, struct timespec *)
function __kernel_clock_getres
    mov x8, #NR_CLOCK_GETRES
    svc #0
    ret
    .size __kernel_clock_getres, . - __kernel_clock_getres

    .section .note.kernel, "a", %note
    .long 6, 4, 0
    .asciz "Linux"
    .balign 4
    .long 0x060c00              // 6.12.0
    .balign 4
