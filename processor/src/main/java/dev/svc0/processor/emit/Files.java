package dev.svc0.processor.emit;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;

/** The look that all generated Java files share. */
final class Files {
  private Files() {}

  static JavaFile java(String packageName, TypeSpec type, String comment) {
    return JavaFile.builder(packageName, type)
        .skipJavaLangImports(true)
        .indent("  ")
        .addFileComment("$L", comment)
        .build();
  }
}
