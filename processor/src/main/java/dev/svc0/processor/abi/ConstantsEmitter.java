package dev.svc0.processor.abi;

import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.annotation.AbiConstants;
import dev.svc0.processor.model.CsvTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/** Turns groups of the constants table, or the errno and signal tables, into one class. */
final class ConstantsEmitter {
  private record Constant(long value, String doc) {}

  private final AbiConstants wanted;
  private final Map<String, Constant> constants = new LinkedHashMap<>();
  private final Map<Long, String> names = new TreeMap<>();

  private ConstantsEmitter(AbiConstants wanted) {
    this.wanted = wanted;
  }

  /** The class asked for, or empty when one of its groups is unknown. */
  static Optional<TypeSpec> emit(AbiConstants wanted) {
    ConstantsEmitter emitter = new ConstantsEmitter(wanted);
    for (String group : wanted.groups()) {
      if (!emitter.collect(group)) {
        return Optional.empty();
      }
    }
    return Optional.of(emitter.build());
  }

  private boolean collect(String group) {
    int before = constants.size();
    switch (group) {
      case "errno" -> collect(CsvTable.read("errno.csv"), "number", "message");
      case "signal" -> collect(CsvTable.read("signals-arm64.csv"), "nr", "message");
      default -> {
        CsvTable table = CsvTable.read("constants-arm64.csv");
        for (int row = 0; row < table.size(); row++) {
          if (table.get(row, "group").equals(group)) {
            add(
                table.get(row, "name"),
                Long.parseLong(table.get(row, "value")),
                table.get(row, "hex"));
          }
        }
      }
    }
    return constants.size() > before;
  }

  private void collect(CsvTable table, String valueColumn, String docColumn) {
    for (int row = 0; row < table.size(); row++) {
      long value = Long.parseLong(table.get(row, valueColumn));
      String name = table.get(row, "name");
      add(name, value, table.get(row, docColumn));
      if (table.get(row, "alias_of").isEmpty()) {
        names.putIfAbsent(value, name);
      }
    }
  }

  private void add(String name, long value, String doc) {
    constants.putIfAbsent(name, new Constant(value, doc));
  }

  private TypeSpec build() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(wanted.type())
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc("Constants of arm64 Linux: $L.\n", String.join(", ", wanted.groups()))
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    constants.forEach((name, constant) -> type.addField(field(name, constant)));
    if (!names.isEmpty()) {
      type.addMethod(nameOf());
    }
    return type.build();
  }

  private FieldSpec field(String name, Constant constant) {
    boolean fitsInt = constant.value == (int) constant.value;
    boolean asInt = fitsInt || (wanted.unsignedInts() && constant.value >>> 32 == 0);
    FieldSpec.Builder field =
        FieldSpec.builder(
            asInt ? TypeName.INT : TypeName.LONG,
            name,
            Modifier.PUBLIC,
            Modifier.STATIC,
            Modifier.FINAL);
    if (!constant.doc.isEmpty()) {
      field.addJavadoc("$L.\n", constant.doc.replace("&", "&amp;").replace("<", "&lt;"));
    }
    return field
        .initializer(asInt ? "$L" : "$LL", asInt ? (int) constant.value : constant.value)
        .build();
  }

  private MethodSpec nameOf() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("nameOf")
            .addJavadoc("The name of a value, or the value in decimal when it has none.\n")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .returns(String.class)
            .addParameter(int.class, "value")
            .beginControlFlow("return switch (value)");
    names.forEach((value, name) -> method.addStatement("case $L -> $S", value, name));
    return method
        .addStatement("default -> $T.toString(value)", Integer.class)
        .addCode("$<};\n")
        .build();
  }
}
