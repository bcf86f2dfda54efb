package demo;

import dev.svc0.annotation.SyscallTable;

@SyscallTable(abi = "x86_64")
final class DemoTableX86 {}
