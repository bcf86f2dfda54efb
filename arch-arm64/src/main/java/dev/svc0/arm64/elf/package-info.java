/**
 * Loading of AArch64 ELF programs: {@link dev.svc0.arm64.elf.ElfFormat} checks, maps and starts;
 * {@link dev.svc0.arm64.elf.ElfImage} is a parsed header; {@link dev.svc0.arm64.elf.StackBuilder}
 * lays out what a program finds on its stack.
 *
 * <p>A file is not trusted: every offset and size is checked, and a bad file is −ENOEXEC or another
 * errno, never an exception.
 */
@NullMarked
package dev.svc0.arm64.elf;

import org.jspecify.annotations.NullMarked;
