package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

@SyscallTable(
    abi = "riscv64") // !! [table-unknown-abi] there are [arm64, x86_64]
final class UnknownAbi {
}
