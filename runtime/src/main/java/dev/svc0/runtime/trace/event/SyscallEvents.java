package dev.svc0.runtime.trace.event;

import static dev.svc0.annotation.Tracepoint.Show.HEX;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/** System calls. */
@TracepointSet(system = "raw_syscalls", type = "SyscallTrace", layer = Traced.Layer.SYSCALL)
interface SyscallEvents {
  @Tracepoint(
      value = "sys_enter",
      doc = "A program makes a system call; pc is the address after its svc.")
  void sysEnter(
      int id,
      @Field(HEX) long arg0,
      @Field(HEX) long arg1,
      @Field(HEX) long arg2,
      @Field(HEX) long arg3,
      @Field(HEX) long arg4,
      @Field(HEX) long arg5,
      @Field(HEX) long pc);

  @Tracepoint(value = "sys_exit", doc = "A system call returns.")
  void sysExit(int id, long ret);

  @Tracepoint(
      value = "sys_enter_decoded",
      doc =
          "A system call as strace shows it, as far as known at its beginning. The kernel has no such point.")
  void sysEnterDecoded(int id, String name, String args);

  @Tracepoint(
      value = "sys_exit_decoded",
      doc =
          "A system call as strace shows it, with what the kernel wrote for the program. The kernel has no such point.")
  void sysExitDecoded(int id, long ret, String name, String args, String result);

  @Tracepoint(
      value = "user_map",
      doc = "A program executes code of a file that is mapped here. The kernel has no such point.")
  void userMap(@Field(HEX) long start, @Field(HEX) long end, @Field(HEX) long offset, String path);

  @Tracepoint(
      value = "user_stack",
      doc =
          "Addresses after the calls on the program's stack, innermost first, in hexadecimal. The kernel has no such point.")
  void userStack(String addresses);
}
