package dev.svc0.processor.emit;

import static dev.svc0.processor.emit.RuntimeNames.ARGUMENT;
import static dev.svc0.processor.emit.RuntimeNames.INFO;
import static dev.svc0.processor.emit.RuntimeNames.LENGTH;
import static dev.svc0.processor.emit.RuntimeNames.ORIGIN;
import static dev.svc0.processor.emit.RuntimeNames.ROLE;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.LengthKind;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelArgument;
import dev.svc0.processor.model.KernelCall;
import dev.svc0.processor.model.LengthRef;
import dev.svc0.processor.model.Parameter;
import dev.svc0.processor.model.PinnedNames;
import dev.svc0.processor.model.Role;
import dev.svc0.processor.model.Table;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Writes what is known about each call; a class of its own, so that dispatch starts without it. */
public final class InfoEmitter {
  private static final int ROWS_PER_METHOD = 24;
  private static final TypeName ROWS =
      ParameterizedTypeName.get(ClassName.get(List.class), INFO);

  private final Table table;
  private final PinnedNames names;

  private InfoEmitter(Table table, PinnedNames names) {
    this.table = table;
    this.names = names;
  }

  /** The metadata class of a table. */
  public static TypeSpec.Builder emit(Table table, ClassName type, PinnedNames names) {
    TypeSpec.Builder spec =
        TypeSpec.classBuilder(type)
            .addJavadoc("What is known about each $L call.\n", table.kernel().abi())
            .addModifiers(Modifier.FINAL)
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    MethodSpec.Builder all =
        MethodSpec.methodBuilder("rows")
            .addJavadoc("Every call in order of number.\n")
            .addModifiers(Modifier.STATIC);
    new InfoEmitter(table, names).addRows(spec, all, table.rows());
    return spec;
  }

  /** Adds what is known about the handlers of one class to its index. */
  static void addTo(TypeSpec.Builder index, Table table, PinnedNames names) {
    MethodSpec.Builder describe =
        MethodSpec.methodBuilder("describe")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC);
    List<Table.Row> handled =
        table.rows().stream().filter(row -> row.handler() != null).toList();
    new InfoEmitter(table, names).addRows(index, describe, handled);
  }

  private void addRows(TypeSpec.Builder spec, MethodSpec.Builder all, List<Table.Row> rows) {
    all.returns(ROWS).addStatement("$T rows = new $T<>($L)", ROWS, ArrayList.class, rows.size());
    List<MethodSpec> parts = new ArrayList<>();
    for (int first = 0; first < rows.size(); first += ROWS_PER_METHOD) {
      List<Table.Row> part = rows.subList(first, Math.min(rows.size(), first + ROWS_PER_METHOD));
      String name = "rowsFrom" + part.getFirst().nr();
      all.addStatement("$L(rows)", name);
      parts.add(part(name, part));
    }
    spec.addMethod(all.addStatement("return $T.copyOf(rows)", List.class).build());
    spec.addMethods(parts);
  }

  private MethodSpec part(String name, List<Table.Row> rows) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .addParameter(ROWS, "rows");
    for (Table.Row row : rows) {
      method.addStatement("rows.add($L)", row(row));
    }
    return method.build();
  }

  private CodeBlock row(Table.Row row) {
    KernelCall kernel = row.kernel();
    Handler handler = row.handler();
    String origin = kernel == null ? "OWN" : kernel.later() ? "LATER_KERNEL" : "KERNEL";
    String pinned = kernel == null ? "" : kernel.since();
    String since = handler == null || handler.since().isEmpty() ? pinned : handler.since();
    CodeBlock arguments = arguments(row);
    if (handler == null) {
      return CodeBlock.of(
          "$T.withoutHandler($L, $S, $T.$L, $S, $L)",
          INFO,
          row.nr(),
          row.name(),
          ORIGIN,
          origin,
          since,
          arguments);
    }
    CodeBlock errors =
        handler.errors().stream()
            .map(error -> CodeBlock.of("$S", error))
            .collect(CodeBlock.joining(", ", "List.of(", ")"));
    return CodeBlock.of(
        "new $T($L, $S, $T.$L, $T.$L,\n$S, $S,\n$S,\n$L, $T.$L, $L)",
        INFO,
        row.nr(),
        row.name(),
        ORIGIN,
        origin,
        Support.class,
        handler.support(),
        handler.note(),
        since,
        handler.place(),
        errors,
        Restart.class,
        handler.restart(),
        arguments);
  }

  private CodeBlock arguments(Table.Row row) {
    Handler handler = row.handler();
    List<KernelArgument> declared = declared(row);
    @Nullable Role[] roles = roles(row, declared.size());
    List<CodeBlock> arguments = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      KernelArgument argument = declared.get(i);
      Role role = roles[i];
      CodeBlock roleCode =
          role == null || handler == null || role.kind() == RoleKind.PLAIN
              ? CodeBlock.of("")
              : CodeBlock.of(", $L", role(role, handler));
      arguments.add(
          CodeBlock.of(
              "\n$T.of($S, $S, $T.$L$L)",
              ARGUMENT,
              argument.name(),
              argument.type(),
              AbiKind.class,
              argument.kind(),
              roleCode));
    }
    return arguments.stream().collect(CodeBlock.joining(",", "List.of(", ")"));
  }

  private static List<KernelArgument> declared(Table.Row row) {
    if (row.kernel() != null) {
      return row.kernel().arguments();
    }
    return row.handler() == null
        ? List.of()
        : row.handler().parameters().stream().map(Signatures::argument).toList();
  }

  private @Nullable Role[] roles(Table.Row row, int registers) {
    @Nullable Role[] roles = new Role[registers];
    Handler handler = row.handler();
    if (handler != null) {
      List<Parameter> parameters = handler.parameters();
      int[] registersOf = table.kernel().registersOf(handler.name(), parameters.size());
      for (int i = 0; i < parameters.size(); i++) {
        if (registersOf[i] < registers) {
          roles[registersOf[i]] = parameters.get(i).role();
        }
      }
    }
    return roles;
  }

  private CodeBlock role(Role role, Handler handler) {
    return switch (role.kind()) {
      case FLAGS, ENUM ->
          CodeBlock.of("$T.of($T.$L, $S)", ROLE, RoleKind.class, role.kind(), role.of());
      case USER_PTR ->
          CodeBlock.of(
              "$T.pointer($T.$L, $S, $L, $L)",
              ROLE,
              UserPtr.Access.class,
              role.access(),
              role.of().isEmpty() ? "" : names.struct(role.of()),
              length(role.length(), handler),
              length(role.count(), handler));
      default -> CodeBlock.of("$T.of($T.$L)", ROLE, RoleKind.class, role.kind());
    };
  }

  private static CodeBlock length(String text, Handler handler) {
    LengthRef length = LengthRef.parse(text, handler.parameters());
    if (length == null || length.kind() == LengthKind.NONE) {
      return CodeBlock.of("$T.NONE", LENGTH);
    }
    return CodeBlock.of(
        "$T.of($T.$L, $L)", LENGTH, LengthKind.class, length.kind(), length.value());
  }
}
