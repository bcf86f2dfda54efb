/**
 * AArch64 Linux: this package declares the system call tables (arm64's, and x86-64's numbers over
 * the same handlers); below it are the instruction set ({@code isa}, {@code decode}, {@code
 * interp}), the processor's state ({@code cpu}), exceptions ({@code entry}, {@code signal}),
 * programs ({@code elf}) and whole machines ({@code machine}).
 */
@NullMarked
package dev.svc0.arm64;

import org.jspecify.annotations.NullMarked;
