/**
 * What instructions do, a class for each group of the specification, and the interpreter that runs
 * them ({@link dev.svc0.arm64.interp.Interpreter}).
 *
 * <p>Each group has {@code execute(cpu, insn, number)}, reached through the generated {@code
 * A64Semantics}; below it are static methods over plain values ({@link dev.svc0.arm64.interp.Alu},
 * {@link dev.svc0.arm64.interp.SoftFloat}, …). The interpreter handles frequent instructions itself
 * with those same methods; a translator has the same choice. An encoding that the architecture
 * reserves is rejected by its group as an undefined instruction.
 *
 * <p>Locks: none.
 */
@NullMarked
package dev.svc0.arm64.interp;

import org.jspecify.annotations.NullMarked;
