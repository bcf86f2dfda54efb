/**
 * What a developer writes: the annotations that define system calls, tables, ABI constants and
 * trace names.
 *
 * <p>{@link dev.svc0.annotation.SyscallDefine} on a static method makes it a system call; {@link
 * dev.svc0.annotation.SyscallTable} makes a type the place where one ABI's table is generated; the
 * role annotations ({@link dev.svc0.annotation.Fd}, {@link dev.svc0.annotation.UserPtr}, …) say
 * what a parameter means, so that decoders, checks and tests can be generated from it; {@link
 * dev.svc0.annotation.Traced} gives a method the name it has in traces; {@link
 * dev.svc0.annotation.TracepointSet} defines events that are recorded when they are switched on.
 * Nothing here depends on anything.
 */
@NullMarked
package dev.svc0.annotation;

import org.jspecify.annotations.NullMarked;
