package dev.svc0.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Generates a class of byte offsets in the annotated package from the pinned layout of one struct:
 * a constant a field (dots become underscores), and {@code SIZE}.
 */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.SOURCE)
@Repeatable(AbiLayout.List.class)
public @interface AbiLayout {
  /** Simple name of the class to generate. */
  String type();

  /** The struct's name as the layout table has it, for example {@code struct stat}. */
  String struct();

  /** Holds repeated annotations. */
  @Target(ElementType.PACKAGE)
  @Retention(RetentionPolicy.SOURCE)
  @interface List {
    /** The repeated annotations. */
    AbiLayout[] value();
  }
}
