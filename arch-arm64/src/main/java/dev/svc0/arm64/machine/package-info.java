/**
 * A whole machine in a few lines: {@link dev.svc0.arm64.machine.Arm64Machine} builds a kernel with
 * the arm64 table and an engine and runs programs; {@link dev.svc0.arm64.machine.JavaProgram} is a
 * program written in Java that makes system calls through the same vector.
 *
 * <pre>{@code
 * try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
 *   int code = machine.run("/bin/busybox", List.of("busybox", "echo", "hello"), List.of());
 * }
 * }</pre>
 */
@NullMarked
package dev.svc0.arm64.machine;

import org.jspecify.annotations.NullMarked;
