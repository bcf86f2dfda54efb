package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The tracepoints of a subsystem, defined by the methods of an interface that nobody implements:
 * each is annotated with {@link Tracepoint}, and its parameters are the fields.
 *
 * <p>From it come a class of that {@link #type} in the same package, with a static method of the
 * same name and parameters that records the event when it is switched on and otherwise costs one
 * test of a field; the schema that decoders, the list of events and the documents read; and the
 * entry through which the schema is found.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.SOURCE)
public @interface TracepointSet {
  /** The subsystem as the kernel's tracefs names it, for example {@code block}. */
  String system();

  /** Simple name of the generated class. */
  String type();

  /** The layer that its events belong to. */
  Traced.Layer layer();
}
