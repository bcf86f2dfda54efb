/**
 * The instruction set as data. The specification names each instruction of the manual with its bit
 * pattern; {@code A64} (numbers), {@code A64Decoder} and {@code A64Semantics} are generated from
 * it, and {@link dev.svc0.arm64.isa.InstructionTable} gives tools and tests the same lines.
 *
 * <p>Does not know what instructions do: that is {@code dev.svc0.arm64.interp}.
 */
@NullMarked
@InstructionSet(
    spec = "a64.spec",
    prefix = "A64",
    semanticsPackage = "dev.svc0.arm64.interp",
    stateType = "dev.svc0.arm64.cpu.Cpu")
package dev.svc0.arm64.isa;

import dev.svc0.annotation.InstructionSet;
import org.jspecify.annotations.NullMarked;
