package dev.svc0.runtime.syscall;

import dev.svc0.annotation.SyscallTable;

/** A table of what the runtime handles, and of {@link TestCalls}. */
@SyscallTable(abi = "arm64")
final class TestTable {
  private TestTable() {}
}
