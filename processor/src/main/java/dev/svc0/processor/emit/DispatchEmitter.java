package dev.svc0.processor.emit;

import static dev.svc0.processor.emit.RuntimeNames.INFO;
import static dev.svc0.processor.emit.RuntimeNames.TABLE_DISPATCH;
import static dev.svc0.processor.emit.RuntimeNames.TASK;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelCall;
import dev.svc0.processor.model.Parameter;
import dev.svc0.processor.model.PinnedNames;
import dev.svc0.processor.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.lang.model.element.Modifier;
import javax.lang.model.util.Elements;

/**
 * Writes the switch: one method a block of 64 numbers, so that each stays far below the size at
 * which HotSpot gives up, and one that picks the block.
 */
public final class DispatchEmitter {
  private static final int BLOCK_SHIFT = 6;
  private static final int BLOCK = 1 << BLOCK_SHIFT;
  private static final int REGISTERS = 6;
  private static final String REGISTER_LIST = "x0, x1, x2, x3, x4, x5";
  private static final int HOLES_PER_LINE = 16;

  private final Table table;
  private final PinnedNames names;
  private final Elements elements;
  private final Place place;

  /** What the switch is part of. */
  private enum Place {
    /** A whole table: every hole has its case, and asks the table. */
    TABLE,
    /** The index of one class of handlers. */
    INDEX
  }

  private DispatchEmitter(Table table, PinnedNames names, Elements elements, Place place) {
    this.table = table;
    this.names = names;
    this.elements = elements;
    this.place = place;
  }

  /** The dispatch class of a table. */
  public static TypeSpec.Builder emit(
      Table table, ClassName type, ClassName info, PinnedNames names, Elements elements) {
    TypeSpec.Builder spec =
        TypeSpec.classBuilder(type)
            .addJavadoc(
                "The $L table: $L calls with a handler.\n",
                table.kernel().abi(),
                table.implemented())
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .superclass(TABLE_DISPATCH)
            .addMethod(
                MethodSpec.constructorBuilder()
                    .addJavadoc("A table of its own counters and hooks.\n")
                    .addModifiers(Modifier.PUBLIC)
                    .addStatement("super($S)", table.kernel().abi())
                    .build())
            .addMethod(describe(info));
    new DispatchEmitter(table, names, elements, Place.TABLE).addCalls(spec);
    return spec;
  }

  /** Adds the switch over the handlers of one class to its index. */
  static void addTo(TypeSpec.Builder index, Table table, PinnedNames names, Elements elements) {
    new DispatchEmitter(table, names, elements, Place.INDEX).addCalls(index);
  }

  private void addCalls(TypeSpec.Builder spec) {
    TreeSet<Integer> blocks = new TreeSet<>();
    for (Table.Row row : table.rows()) {
      if (row.handler() != null) {
        blocks.add(row.nr() >>> BLOCK_SHIFT);
      }
    }
    spec.addMethod(call(blocks));
    blocks.forEach(block -> spec.addMethod(block(block)));
  }

  private static MethodSpec describe(ClassName info) {
    return MethodSpec.methodBuilder("describe")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PROTECTED)
        .returns(ParameterizedTypeName.get(ClassName.get(List.class), INFO))
        .addStatement("return $T.rows()", info)
        .build();
  }

  private static MethodSpec.Builder method(String name) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .returns(long.class)
            .addParameter(TASK, "task")
            .addParameter(int.class, "nr");
    for (int register = 0; register < REGISTERS; register++) {
      method.addParameter(long.class, "x" + register);
    }
    return method;
  }

  private MethodSpec call(TreeSet<Integer> blocks) {
    MethodSpec.Builder method =
        method("call")
            .addAnnotation(Override.class)
            .addModifiers(place == Place.TABLE ? Modifier.PROTECTED : Modifier.PUBLIC);
    method.beginControlFlow("return switch (nr >>> $L)", BLOCK_SHIFT);
    for (int block : blocks) {
      method.addStatement("case $L -> $L(task, nr, $L)", block, blockName(block), REGISTER_LIST);
    }
    return method.addStatement("default -> $L", noHandler()).addCode("$<};\n").build();
  }

  private CodeBlock noHandler() {
    return place == Place.TABLE
        ? CodeBlock.of("notImplemented(task, nr, $L)", REGISTER_LIST)
        : CodeBlock.of("-$T.ENOSYS", RuntimeNames.ERRNO);
  }

  private static String blockName(int block) {
    return "from" + (block << BLOCK_SHIFT);
  }

  private MethodSpec block(int block) {
    int first = block << BLOCK_SHIFT;
    List<Integer> holes = new ArrayList<>();
    MethodSpec.Builder method =
        method(blockName(block))
            .addJavadoc("Numbers $L to $L.\n", first, first + BLOCK - 1)
            .addModifiers(Modifier.PRIVATE);
    method.beginControlFlow("return switch (nr)");
    for (int nr = first; nr < first + BLOCK; nr++) {
      Table.Row row = table.row(nr);
      if (row == null || row.handler() == null) {
        holes.add(nr);
      } else {
        method.addCode("// $L $L\n", nr, signature(row, row.handler()));
        method.addCode(invocation(nr, row.handler()));
      }
    }
    if (!holes.isEmpty() && place == Place.TABLE) {
      method.addCode(holes(holes));
    }
    return method.addStatement("default -> $L", noHandler()).addCode("$<};\n").build();
  }

  /** A case for every hole makes the switch a table jump and not a search. */
  private CodeBlock holes(List<Integer> holes) {
    CodeBlock.Builder code = CodeBlock.builder().add("// without a handler\n").add("case ");
    for (int i = 0; i < holes.size(); i++) {
      if (i > 0) {
        code.add(i % HOLES_PER_LINE == 0 ? ",\n    " : ", ");
      }
      code.add("$L", holes.get(i));
    }
    return code.add(" ->\n    $L;\n", noHandler()).build();
  }

  private CodeBlock invocation(int nr, Handler handler) {
    List<Parameter> parameters = handler.parameters();
    int[] registers = table.kernel().registersOf(handler.name(), parameters.size());
    CodeBlock.Builder code = CodeBlock.builder().add("case $L -> ", nr);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      if (!parameter.role().supported().isEmpty()) {
        long rejected = ~mask(parameter);
        String bits = rejectedBits(parameter.type(), "x" + registers[i], rejected);
        CodeBlock rejection =
            place == Place.TABLE
                ? CodeBlock.of("rejectFlags(nr, $L)", bits)
                : CodeBlock.of("-$T.EINVAL", RuntimeNames.ERRNO);
        code.add("$L != 0\n    ? $L\n    : ", bits, rejection);
      }
    }
    String arguments =
        IntStream.range(0, parameters.size())
            .mapToObj(i -> ", " + narrowed(parameters.get(i).type(), handler, i, registers[i]))
            .collect(Collectors.joining());
    return code.add(
            "$T.$L(task$L);\n",
            ClassName.get(elements.getTypeElement(handler.handlers())),
            handler.method(),
            arguments)
        .build();
  }

  private static String rejectedBits(String type, String register, long rejected) {
    return type.equals("long")
        ? "(" + register + " & 0x" + Long.toHexString(rejected) + "L)"
        : "((int) " + register + " & 0x" + Integer.toHexString((int) rejected) + ")";
  }

  private long mask(Parameter parameter) {
    long mask = 0;
    for (String flag : parameter.role().supported()) {
      Long value = names.constant(parameter.role().of(), flag);
      mask |= value == null ? 0 : value;
    }
    return mask;
  }

  private String narrowed(String type, Handler handler, int index, int register) {
    KernelCall call = table.kernel().byName(handler.name());
    boolean unsigned16 =
        call != null && !handler.own()
            ? register < call.arguments().size()
                && call.arguments().get(register).kind().bits() == 16
            : handler.parameters().get(index).role().kind() == RoleKind.MODE;
    return switch (type) {
      case "long" -> "x" + register;
      case "short" -> "(short) x" + register;
      default -> unsigned16 ? "(int) x" + register + " & 0xffff" : "(int) x" + register;
    };
  }

  private static String signature(Table.Row row, Handler handler) {
    return row.kernel() != null ? row.kernel().signature() : Signatures.own(handler);
  }
}
