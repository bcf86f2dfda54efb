// Loops without a system call until it is killed.
    .global _start
    .text
_start:
    b       _start
