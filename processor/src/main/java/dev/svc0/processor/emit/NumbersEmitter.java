package dev.svc0.processor.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.Table;
import javax.lang.model.element.Modifier;

/** Writes the {@code __NR_} constants. */
public final class NumbersEmitter {
  private NumbersEmitter() {}

  /** The class of constants of a table. */
  public static TypeSpec.Builder emit(Table table, ClassName type) {
    TypeSpec.Builder spec =
        TypeSpec.classBuilder(type)
            .addJavadoc(
                "The numbers of $L Linux, with those of your own calls.\n", table.kernel().abi())
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    for (Table.Row row : table.rows()) {
      spec.addField(
          FieldSpec.builder(
                  int.class, "__NR_" + row.name(), Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
              .addJavadoc("{@code $L}.\n", signature(row))
              .initializer("$L", row.nr())
              .build());
    }
    return spec;
  }

  private static String signature(Table.Row row) {
    Handler handler = row.handler();
    return row.kernel() != null || handler == null
        ? row.kernel() == null ? row.name() : row.kernel().signature()
        : Signatures.own(handler);
  }
}
