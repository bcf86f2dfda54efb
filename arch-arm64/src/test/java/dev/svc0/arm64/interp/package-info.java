/** Instruction tests: the same random cases on this engine and on {@code qemu-aarch64}. */
@NullMarked
package dev.svc0.arm64.interp;

import org.jspecify.annotations.NullMarked;
