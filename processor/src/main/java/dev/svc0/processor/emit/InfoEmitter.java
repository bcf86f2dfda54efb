package dev.svc0.processor.emit;

import static dev.svc0.processor.emit.RuntimeNames.INFO;
import static dev.svc0.processor.emit.RuntimeNames.INFO_ROWS;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
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

/**
 * Writes what is known about each call, as rows of text that the runtime's {@code InfoRows} reads.
 * As nested constructor calls the same took the compiler twice as long as everything else
 * generated.
 */
public final class InfoEmitter {
  private static final TypeName CALLS = ParameterizedTypeName.get(ClassName.get(List.class), INFO);
  private static final String SEPARATORS = "[\\t\\n\\r]";

  private final Table table;
  private final PinnedNames names;

  private InfoEmitter(Table table, PinnedNames names) {
    this.table = table;
    this.names = names;
  }

  /** The metadata class of a table; of its own, so that dispatch starts without it. */
  public static TypeSpec.Builder emit(Table table, ClassName type, PinnedNames names) {
    MethodSpec rows =
        MethodSpec.methodBuilder("rows")
            .addJavadoc("Every call in order of number.\n")
            .addModifiers(Modifier.STATIC)
            .returns(CALLS)
            .addStatement("return $T.read(ROWS)", INFO_ROWS)
            .build();
    return TypeSpec.classBuilder(type)
        .addJavadoc("What is known about each $L call.\n", table.kernel().abi())
        .addModifiers(Modifier.FINAL)
        .addField(new InfoEmitter(table, names).rows(table.rows()))
        .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
        .addMethod(rows);
  }

  /** Adds what is known about the handlers of one class to its index. */
  static void addTo(TypeSpec.Builder index, Table table, PinnedNames names) {
    List<Table.Row> handled = table.rows().stream().filter(row -> row.handler() != null).toList();
    index
        .addField(new InfoEmitter(table, names).rows(handled))
        .addMethod(
            MethodSpec.methodBuilder("describe")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(CALLS)
                .addStatement("return $T.read(ROWS)", INFO_ROWS)
                .build());
  }

  private FieldSpec rows(List<Table.Row> rows) {
    CodeBlock.Builder code = CodeBlock.builder().add("{\n$>");
    for (Table.Row row : rows) {
      code.add("$S,\n", row(row));
    }
    return FieldSpec.builder(
            String[].class, "ROWS", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
        .addJavadoc(
            "Number, name, origin, support, since, handler, errors, restart, note, arguments.\n")
        .initializer(code.add("$<}").build())
        .build();
  }

  private String row(Table.Row row) {
    KernelCall kernel = row.kernel();
    Handler handler = row.handler();
    List<String> fields = new ArrayList<>();
    fields.add(Integer.toString(row.nr()));
    fields.add(row.name());
    fields.add(kernel == null ? "OWN" : kernel.later() ? "LATER_KERNEL" : "KERNEL");
    fields.add((handler == null ? Support.NONE : handler.support()).name());
    String pinned = kernel == null ? "" : kernel.since();
    fields.add(handler == null || handler.since().isEmpty() ? pinned : handler.since());
    fields.add(handler == null ? "" : handler.place());
    fields.add(handler == null ? "" : String.join(" ", handler.errors()));
    fields.add((handler == null ? Restart.NEVER : handler.restart()).name());
    fields.add(handler == null ? "" : handler.note().replaceAll(SEPARATORS, " "));
    fields.addAll(arguments(row));
    return String.join("\t", fields);
  }

  private List<String> arguments(Table.Row row) {
    Handler handler = row.handler();
    List<KernelArgument> declared = declared(row);
    @Nullable Role[] roles = roles(row, declared.size());
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      KernelArgument argument = declared.get(i);
      String text = argument.name() + ";" + argument.type() + ";" + argument.kind();
      Role role = roles[i];
      if (role == null || handler == null || role.kind() == RoleKind.PLAIN) {
        arguments.add(text);
      } else {
        arguments.add(text + ";" + role(role, handler));
      }
    }
    return arguments;
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

  private String role(Role role, Handler handler) {
    if (role.kind() != RoleKind.USER_PTR) {
      return role.kind() + ";" + role.of();
    }
    String struct = role.of().isEmpty() ? "" : names.struct(role.of());
    return String.join(
        ";",
        role.kind().name(),
        struct,
        role.access().name(),
        length(role.length(), handler),
        length(role.count(), handler));
  }

  private static String length(String text, Handler handler) {
    LengthRef length = LengthRef.parse(text, handler.parameters());
    return length == null || length.kind() == LengthKind.NONE
        ? ""
        : length.kind() + " " + length.value();
  }
}
