package dev.svc0.fs.conformance;

import dev.svc0.annotation.SyscallTable;

/** A table of what the runtime handles: what is refused before a handler is refused here, too. */
@SyscallTable(abi = "arm64")
final class ScriptTable {
  private ScriptTable() {}
}
