package dev.svc0.processor.abi;

import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.annotation.AbiLayout;
import dev.svc0.processor.model.CsvTable;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Modifier;

/** Turns the layout of one struct into a class of byte offsets. */
final class LayoutEmitter {
  private LayoutEmitter() {}

  /** The class asked for, or empty when the struct is unknown. */
  static Optional<TypeSpec> emit(AbiLayout wanted) {
    CsvTable table = CsvTable.read("abi-arm64.csv");
    String source = kernelSource(table, wanted.struct());
    TypeSpec.Builder type =
        TypeSpec.classBuilder(wanted.type())
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc(
                "Byte offsets in {@code $L} as the kernel lays it out ($L).\n",
                wanted.struct(),
                source)
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    Set<String> seen = new LinkedHashSet<>();
    for (int row = 0; row < table.size(); row++) {
      if (table.get(row, "struct").equals(wanted.struct())
          && table.get(row, "source").equals(source)) {
        String field = table.get(row, "field");
        String name = field.equals("(total)") ? "SIZE" : javaName(field);
        String value = table.get(row, field.equals("(total)") ? "size" : "offset");
        if (seen.add(name)) {
          type.addField(constant(name, value, table.get(row, "ctype"), table.get(row, "size")));
        }
      }
    }
    return seen.isEmpty() ? Optional.empty() : Optional.of(type.build());
  }

  private static FieldSpec constant(String name, String value, String ctype, String size) {
    return FieldSpec.builder(int.class, name, Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
        .addJavadoc("$L, $L bytes.\n", ctype.replace("&", "&amp;").replace("<", "&lt;"), size)
        .initializer("$L", value)
        .build();
  }

  /** The table has some structs twice, as the kernel and as the C library see them. */
  static String kernelSource(CsvTable table, String struct) {
    String found = "";
    for (int row = 0; row < table.size(); row++) {
      if (table.get(row, "struct").equals(struct)) {
        String source = table.get(row, "source");
        if (found.isEmpty() || found.startsWith("glibc")) {
          found = source;
        }
      }
    }
    return found;
  }

  private static String javaName(String field) {
    String name = field.replace('.', '_').replaceAll("[^A-Za-z0-9_]", "_");
    return SourceVersion.isKeyword(name) ? name + "_" : name;
  }
}
