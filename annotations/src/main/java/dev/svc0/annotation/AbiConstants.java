package dev.svc0.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Generates a class of constants in the annotated package from the pinned kernel data: one constant
 * a row, under the kernel's own name.
 */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.SOURCE)
@Repeatable(AbiConstants.List.class)
public @interface AbiConstants {
  /** Simple name of the class to generate. */
  String type();

  /**
   * Groups of the constants table; {@code errno} and {@code signal} name the tables of their own.
   */
  String[] groups();

  /** Whether values up to 2³²−1 become {@code int}s with the same 32 bits. */
  boolean unsignedInts() default false;

  /** Holds repeated annotations. */
  @Target(ElementType.PACKAGE)
  @Retention(RetentionPolicy.SOURCE)
  @interface List {
    /** The repeated annotations. */
    AbiConstants[] value();
  }
}
