// Reads from an address that is not mapped: ends with SIGSEGV.
    .global _start
    .text
_start:
    mov     x1, #16
    ldr     x0, [x1]
    brk     #0
