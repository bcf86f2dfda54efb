package dev.svc0.arm64;

import dev.svc0.annotation.SyscallTable;

/**
 * Declares the table of x86-64 Linux over the same handlers. Numbers and the order of arguments are
 * x86-64's; flag values and struct layouts stay those of arm64.
 */
@SyscallTable(abi = "x86_64")
public final class X8664Table {
  private X8664Table() {}
}
