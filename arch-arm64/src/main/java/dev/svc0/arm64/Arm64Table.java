package dev.svc0.arm64;

import dev.svc0.annotation.SyscallTable;

/**
 * Declares the table of arm64 Linux: {@link Arm64TableDispatch}, {@link Arm64TableNumbers} and the
 * C header are generated from it and from every handler on the class path.
 */
@SyscallTable(abi = "arm64")
public final class Arm64Table {
  private Arm64Table() {}
}
