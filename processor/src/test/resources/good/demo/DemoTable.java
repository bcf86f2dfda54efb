package demo;

import dev.svc0.annotation.SyscallTable;

@SyscallTable(abi = "arm64")
final class DemoTable {}
