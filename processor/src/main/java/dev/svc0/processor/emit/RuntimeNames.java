package dev.svc0.processor.emit;

import com.palantir.javapoet.ClassName;

/** The types of the runtime that generated code refers to. */
final class RuntimeNames {
  private static final String SYSCALL = "dev.svc0.runtime.syscall";

  static final ClassName TASK = ClassName.get("dev.svc0.runtime.task", "Task");
  static final ClassName TABLE_DISPATCH = ClassName.get(SYSCALL, "TableDispatch");
  static final ClassName MODULE = ClassName.get(SYSCALL, "SyscallModule");
  static final ClassName ERRNO = ClassName.get("dev.svc0.runtime.abi", "Errno");
  static final ClassName INFO = ClassName.get(SYSCALL, "SyscallInfo");
  static final ClassName INFO_ROWS = ClassName.get(SYSCALL, "InfoRows");

  private RuntimeNames() {}
}
