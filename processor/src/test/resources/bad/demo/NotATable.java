package demo;

import dev.svc0.annotation.SyscallTable;

@SyscallTable(
    abi = "arm64",
    extending = String.class) // !! [table-not-a-table] java.lang.String declares no arm64 table
final class NotATable {
  @SyscallTable(
      abi = "x86_64",
      extending = NotATable.class) // !! [table-not-a-table] name a type with @SyscallTable(abi = "x86_64")
  static final class Other {}
}
