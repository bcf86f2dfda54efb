package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

@SyscallTable(abi = "arm64")
final class TwoTables {}

@SyscallTable(abi = "arm64")
final class Second {} // !! [syscall-write] cannot write this table
