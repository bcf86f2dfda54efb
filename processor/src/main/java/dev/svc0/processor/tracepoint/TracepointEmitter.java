package dev.svc0.processor.tracepoint;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.annotation.TracepointSet;
import dev.svc0.processor.tracepoint.TracepointModel.Parameter;
import dev.svc0.processor.tracepoint.TracepointModel.Role;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeKind;

/** Writes the class that fires the events of a set. */
final class TracepointEmitter {
  private static final String TRACE = "dev.svc0.runtime.trace";
  private static final ClassName POINT = ClassName.get(TRACE, "TracePoint");
  private static final ClassName FIELD = ClassName.get(TRACE, "TraceField");
  private static final ClassName SHOW = ClassName.get("dev.svc0.annotation", "Tracepoint", "Show");
  private static final ClassName LAYER = ClassName.get("dev.svc0.annotation", "Traced", "Layer");

  /** What generated classes are found by. */
  static final ClassName PROVIDER = ClassName.get(TRACE, "TracePointProvider");

  private TracepointEmitter() {}

  static TypeSpec emit(TracepointSet set, List<TracepointModel> points) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(set.type())
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addSuperinterface(PROVIDER)
            .addJavadoc("Fires the tracepoints of $L.\n", set.system());
    points.forEach(point -> type.addField(constant(set, point)));
    type.addMethod(
        MethodSpec.constructorBuilder()
            .addJavadoc("For the loader of services.\n")
            .addModifiers(Modifier.PUBLIC)
            .build());
    type.addMethod(points(points));
    for (TracepointModel point : points) {
      type.addMethod(isOn(point)).addMethod(fire(point)).addMethod(record(point));
    }
    return type.build();
  }

  private static FieldSpec constant(TracepointSet set, TracepointModel point) {
    CodeBlock.Builder made =
        CodeBlock.builder()
            .add(
                "$T.define($S, $S, $T.$L, $S",
                POINT,
                set.system(),
                point.name(),
                LAYER,
                set.layer().name(),
                point.doc());
    for (Parameter one : point.parameters()) {
      if (one.role() == Role.NUMBER) {
        made.add(
            ",\n$T.number($S, $T.$L, $L, $L)",
            FIELD,
            one.field(),
            SHOW,
            one.show().name(),
            one.offset(),
            one.bytes());
      } else if (one.role() == Role.TEXT) {
        made.add(",\n$T.text($S, $L)", FIELD, one.field(), one.offset());
      }
    }
    return FieldSpec.builder(
            POINT, point.constant(), Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
        .addJavadoc("$L\n", point.doc())
        .initializer(made.add(")").build())
        .build();
  }

  private static MethodSpec points(List<TracepointModel> points) {
    CodeBlock all =
        points.stream()
            .map(point -> CodeBlock.of("$L", point.constant()))
            .collect(CodeBlock.joining(",\n"));
    return MethodSpec.methodBuilder("points")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(ParameterizedTypeName.get(ClassName.get(List.class), POINT))
        .addStatement("return $T.of(\n$L)", List.class, all)
        .build();
  }

  /** For callers to whom the arguments are dear. */
  private static MethodSpec isOn(TracepointModel point) {
    return MethodSpec.methodBuilder(point.method() + "On")
        .addJavadoc("Whether {@link #$L} records anything.\n", point.method())
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .returns(TypeName.BOOLEAN)
        .addStatement("return $L.isOn()", point.constant())
        .build();
  }

  private static MethodSpec fire(TracepointModel point) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(point.method())
            .addJavadoc("$L\n", point.doc())
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC);
    List<CodeBlock> arguments = new ArrayList<>();
    for (Parameter one : point.parameters()) {
      method.addParameter(TypeName.get(one.type()), one.name());
      arguments.add(CodeBlock.of("$L", one.name()));
    }
    return method
        .beginControlFlow("if ($L.isOn())", point.constant())
        .addStatement(
            "$L($L)", recorder(point), arguments.stream().collect(CodeBlock.joining(", ")))
        .endControlFlow()
        .build();
  }

  private static String recorder(TracepointModel point) {
    return "record" + Character.toUpperCase(point.method().charAt(0)) + point.method().substring(1);
  }

  /** Out of line, so that the caller stays small. */
  private static MethodSpec record(TracepointModel point) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(recorder(point)).addModifiers(Modifier.PRIVATE, Modifier.STATIC);
    point.parameters().forEach(one -> method.addParameter(TypeName.get(one.type()), one.name()));
    Parameter cause = point.cause();
    List<CodeBlock> arguments = new ArrayList<>();
    arguments.add(
        cause == null ? CodeBlock.of("$T.OF_THREAD", POINT) : CodeBlock.of("$L", cause.name()));
    int slots = slots(point);
    for (int slot = 0; slot < slots; slot++) {
      arguments.add(slot(point, slot));
    }
    point.texts().forEach(text -> arguments.add(CodeBlock.of("$L", text.name())));
    String target =
        !point.texts().isEmpty()
            ? "recordText"
            : slots > TracepointModel.SLOTS_A_RECORD ? "recordLong" : "record";
    return method
        .addStatement(
            "$L.$L(\n$L)",
            point.constant(),
            target,
            arguments.stream().collect(CodeBlock.joining(",\n")))
        .build();
  }

  /** One slot, five or ten: the records there are. */
  private static int slots(TracepointModel point) {
    if (point.slots() > TracepointModel.SLOTS_A_RECORD) {
      return 2 * TracepointModel.SLOTS_A_RECORD;
    }
    return point.slots() <= 1 && point.texts().isEmpty() ? 1 : TracepointModel.SLOTS_A_RECORD;
  }

  /** The numbers that share 64 bits. */
  private static CodeBlock slot(TracepointModel point, int slot) {
    List<CodeBlock> parts = new ArrayList<>();
    for (Parameter one : point.numbers()) {
      if (one.offset() / 8 == slot) {
        parts.add(part(one));
      }
    }
    return parts.isEmpty() ? CodeBlock.of("0") : parts.stream().collect(CodeBlock.joining(" | "));
  }

  private static CodeBlock part(Parameter one) {
    String value =
        one.type().getKind() == TypeKind.BOOLEAN ? "(" + one.name() + " ? 1L : 0L)" : one.name();
    String masked =
        switch (one.bytes()) {
          case 4 -> "(" + value + " & 0xffff_ffffL)";
          case 2 -> "(" + value + " & 0xffffL)";
          case 1 -> "(" + value + " & 0xffL)";
          default -> value;
        };
    int shift = one.offset() % 8 * 8;
    return CodeBlock.of("$L", shift == 0 ? masked : masked + " << " + shift);
  }
}
