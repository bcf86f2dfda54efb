package dev.svc0.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a method the name under which a trace shows it: the kernel function whose work it does.
 *
 * <p>It is a name and nothing else: an untraced method runs exactly the instructions it would run
 * without the annotation. On a type it sets the layer of every annotated method inside.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Traced {
  /** The kernel's name of the function, for example {@code generic_perform_write}. */
  String value() default "";

  /** The layer the method belongs to; {@link Layer#INHERIT} takes the type's. */
  Layer layer() default Layer.INHERIT;

  /** The rooms a write passes through, from the vector to the device. */
  enum Layer {
    INHERIT,
    ENTRY,
    SYSCALL,
    TASK,
    MM,
    VFS,
    PAGECACHE,
    FILESYSTEM,
    JOURNAL,
    BLOCK,
    DRIVER
  }
}
