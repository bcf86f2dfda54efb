package dev.svc0.toys;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An annotation that the tracer knows nothing of, and the JVM forgets. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface ToyMark {}
