// The smallest program: one write(2), one exit(2), no C library.
    .global _start
    .text
_start:
    mov     x0, #1                  // fd 1
    adr     x1, message
    mov     x2, #(end - message)
    mov     w8, #64                 // __NR_write
    svc     #0
    mov     x0, #0
    mov     w8, #94                 // __NR_exit_group
    svc     #0

    .section .rodata
message:
    .ascii  "hello from arm64\n"
end:
