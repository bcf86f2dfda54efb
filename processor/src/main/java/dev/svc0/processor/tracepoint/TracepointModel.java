package dev.svc0.processor.tracepoint;

import dev.svc0.annotation.Tracepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * One event as defined.
 *
 * @param method name of the method that fires it
 * @param name the kernel's name
 * @param doc what happened
 * @param parameters what the method takes, in order
 * @param slots 64-bit slots that the numbers take
 */
record TracepointModel(
    String method, String name, String doc, List<Parameter> parameters, int slots) {
  /** Slots of one record. */
  static final int SLOTS_A_RECORD = 5;

  /**
   * One parameter.
   *
   * @param name in Java
   * @param type in Java
   * @param show how it is shown
   * @param offset in the numbers, in bytes; of a string its index among the strings, of a cause −1
   * @param bytes size; 0 for a string
   * @param role what it is
   */
  record Parameter(
      String name, TypeMirror type, Tracepoint.Show show, int offset, int bytes, Role role) {
    /** The field's name. */
    String field() {
      StringBuilder snake = new StringBuilder();
      for (char c : name.toCharArray()) {
        if (Character.isUpperCase(c)) {
          snake.append('_');
        }
        snake.append(c);
      }
      return snake.toString().toLowerCase(Locale.ROOT);
    }
  }

  /** What a parameter is. */
  enum Role {
    CAUSE,
    NUMBER,
    TEXT
  }

  /** The constant's name. */
  String constant() {
    return name.toUpperCase(Locale.ROOT);
  }

  List<Parameter> texts() {
    return parameters.stream().filter(one -> one.role == Role.TEXT).toList();
  }

  List<Parameter> numbers() {
    return parameters.stream().filter(one -> one.role == Role.NUMBER).toList();
  }

  @Nullable Parameter cause() {
    return parameters.stream().filter(one -> one.role == Role.CAUSE).findFirst().orElse(null);
  }

  /** The event that a method defines, or null when it does not: what is wrong is reported. */
  static @Nullable TracepointModel of(ExecutableElement method, Consumer<String> problem) {
    Tracepoint point = method.getAnnotation(Tracepoint.class);
    if (point == null || method.getReturnType().getKind() != TypeKind.VOID) {
      problem.accept("a tracepoint is a void method with @Tracepoint");
      return null;
    }
    if (!point.value().matches("[a-z][a-z0-9_]*")
        || method.getModifiers().contains(Modifier.STATIC)) {
      problem.accept("a tracepoint is an instance method with a name such as block_bio_queue");
      return null;
    }
    List<Parameter> parameters = new ArrayList<>();
    int[] bytes = new int[1];
    int texts = 0;
    for (VariableElement one : method.getParameters()) {
      Parameter parameter = parameter(one, bytes, texts);
      if (parameter == null) {
        problem.accept("no field can have the type of " + one);
        return null;
      }
      texts += parameter.role == Role.TEXT ? 1 : 0;
      parameters.add(parameter);
    }
    int slots = (bytes[0] + 7) / 8;
    if (slots > (texts == 0 ? 2 : 1) * SLOTS_A_RECORD) {
      problem.accept("the fields take " + bytes[0] + " bytes, too many for an event");
      return null;
    }
    return new TracepointModel(
        method.getSimpleName().toString(), point.value(), point.doc(), parameters, slots);
  }

  private static @Nullable Parameter parameter(VariableElement one, int[] bytes, int texts) {
    String name = one.getSimpleName().toString();
    Tracepoint.Field shown = one.getAnnotation(Tracepoint.Field.class);
    Tracepoint.Show show = shown == null ? Tracepoint.Show.DECIMAL : shown.value();
    TypeMirror type = one.asType();
    if (one.getAnnotation(Tracepoint.Cause.class) != null) {
      return type.getKind() == TypeKind.LONG
          ? new Parameter(name, type, show, -1, 8, Role.CAUSE)
          : null;
    }
    if (type.toString().endsWith("java.lang.String")) {
      return new Parameter(name, type, show, texts, 0, Role.TEXT);
    }
    int size =
        switch (type.getKind()) {
          case LONG -> 8;
          case INT -> 4;
          case SHORT -> 2;
          case BYTE, BOOLEAN -> 1;
          default -> 0;
        };
    if (size == 0) {
      return null;
    }
    int offset = (bytes[0] + size - 1) / size * size;
    bytes[0] = offset + size;
    return new Parameter(name, type, show, offset, size, Role.NUMBER);
  }
}
