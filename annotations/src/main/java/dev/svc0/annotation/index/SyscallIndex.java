package dev.svc0.annotation.index;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The system calls of one class of handlers, on a generated class in the package {@link #PACKAGE}.
 *
 * <p>It repeats what the annotations of the handlers say, so that merging needs neither parameter
 * names in class files nor a second reading of the sources.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface SyscallIndex {
  /** The one package of all generated indexes, whatever module they come from. */
  String PACKAGE = "dev.svc0.generated.index";

  /** Qualified name of the class of handlers. */
  String handlers();

  /** Its calls, in order of number. */
  Call[] calls();

  /** One handler. */
  @Target({})
  @Retention(RetentionPolicy.CLASS)
  @interface Call {
    /** The number on arm64. */
    int nr();

    /** The kernel's name. */
    String name();

    /** The name of the method. */
    String method();

    /** How much of the contract it keeps. */
    Support support();

    /** What is missing. */
    String note();

    /** The kernel that first had it; empty takes it from the pinned table. */
    String since();

    /** The errors it can return. */
    String[] errors();

    /** What a signal does to it. */
    Restart restart();

    /** Its parameters after the task. */
    Parameter[] parameters();
  }

  /** One parameter of a handler. */
  @Target({})
  @Retention(RetentionPolicy.CLASS)
  @interface Parameter {
    /** Its name. */
    String name();

    /** Its Java type: {@code int}, {@code long} or {@code short}. */
    String type();

    /** What it means. */
    RoleKind role();

    /** The group of constants, or the struct, that the role names. */
    String of() default "";

    /** The direction of a user pointer. */
    UserPtr.Access access() default UserPtr.Access.IN;

    /** The length of a user pointer, as written. */
    String length() default "";

    /** The number of structs, as written. */
    String count() default "";

    /** The flags that are accepted; empty accepts all. */
    String[] supported() default {};
  }
}
