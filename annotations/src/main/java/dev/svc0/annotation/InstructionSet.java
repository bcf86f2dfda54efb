package dev.svc0.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Generates, from an instruction set specification, the instruction numbers and the decoder in the
 * annotated package, the dispatch to the semantics, and a table for tools.
 */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.SOURCE)
public @interface InstructionSet {
  /** File name of the specification inside the processor. */
  String spec();

  /** Prefix of the generated classes' names. */
  String prefix();

  /** Package of the classes that hold the semantics; the dispatch is generated there. */
  String semanticsPackage();

  /** Fully qualified name of the processor state that the semantics take. */
  String stateType();
}
