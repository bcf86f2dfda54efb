package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a static method a system call.
 *
 * <p>The method is accessible to generated code (public, in a public class), returns {@code long}
 * (a result, or −errno in [−4095, −1]) and takes the calling task first, then at most six arguments
 * in the order of the kernel's signature. A 32-bit argument is declared {@code int}, a 64-bit
 * argument or a user pointer {@code long}, an {@code umode_t} {@code short} or {@code int}; the
 * generated dispatch narrows each register to that type, so junk in the high half of a register is
 * never seen.
 *
 * <pre>{@code
 * @SyscallDefine(nr = 64, name = "write")
 * public static long write(Task task, @Fd int fd, @UserPtr(access = IN, length = "count") long buf, long count)
 * }</pre>
 *
 * <p>Number and name are checked at compile time against the pinned kernel table. Numbers from
 * {@link #FIRST_OWN} to {@link #LAST_OWN} are reserved for calls of your own, which no kernel has.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SyscallDefine {
  /** The first number reserved for your own calls. */
  int FIRST_OWN = 1024;

  /** The last number reserved for your own calls. */
  int LAST_OWN = 1535;

  /** The number a program puts in w8 on arm64. */
  int nr();

  /** The kernel's name of the call, for example {@code newfstatat}. */
  String name();

  /** How much of the call's contract the handler keeps. */
  Support support() default Support.FULL;

  /** What is missing, or differs from Linux on purpose; shown in the coverage table. */
  String note() default "";

  /** The kernel that first had the call; empty takes it from the pinned table. */
  String since() default "";

  /** Names of the errors the handler itself can return, for documentation and generated tests. */
  String[] errors() default {};

  /** What happens to the call when a signal interrupts it. */
  Restart restart() default Restart.NEVER;
}
