package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares the system call table of one ABI.
 *
 * <p>Beside the annotated type, named after it, the processor generates the number constants, the
 * dispatch (one switch over every handler found in this module and in every jar on the class path)
 * and the table's metadata. A module of your own extends an existing table by declaring one more with
 * {@link #abi} the same.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface SyscallTable {
  /** Name of the pinned kernel table that numbers and names are checked against. */
  String abi();
}
