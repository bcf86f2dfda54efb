package dev.svc0.samples.customsyscall;

import dev.svc0.annotation.SyscallTable;

/**
 * The arm64 table with the calls of this sample in it: what declares it gets a dispatch of its own
 * ({@link CustomTableDispatch}), the numbers for Java, and the C header for programs.
 */
@SyscallTable(abi = "arm64")
final class CustomTable {
  private CustomTable() {}
}
