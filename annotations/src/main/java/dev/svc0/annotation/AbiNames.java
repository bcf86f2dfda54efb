package dev.svc0.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Copies the names of all constants, errors and signals and the layouts of all structs from the
 * pinned kernel data into a resource {@value #RESOURCE} of the annotated package, for decoders that
 * meet values at run time.
 *
 * <p>A line a name, tabs between values: {@code c group name value}; {@code e name value message};
 * {@code s struct bytes} and then {@code f name offset bytes type} for each field of it.
 */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.SOURCE)
public @interface AbiNames {
  /** Name of the resource. */
  String RESOURCE = "abi-names.tsv";
}
