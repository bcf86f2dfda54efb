package dev.svc0.processor.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.processor.model.KernelTable;
import dev.svc0.processor.model.PinnedNames;
import dev.svc0.processor.model.Table;
import java.io.IOException;
import java.io.Writer;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;
import javax.tools.FileObject;
import javax.tools.StandardLocation;

/** Writes every file of one declared table, beside the annotated type and named after it. */
public final class TableFiles {
  private TableFiles() {}

  /**
   * Writes them.
   *
   * @throws IOException when the compiler refuses a file
   */
  public static void write(
      Table table, TypeElement origin, PinnedNames names, ProcessingEnvironment environment)
      throws IOException {
    ClassName declared = ClassName.get(origin);
    String base = String.join("_", declared.simpleNames());
    ClassName dispatch = ClassName.get(declared.packageName(), base + "Dispatch");
    ClassName info = ClassName.get(declared.packageName(), base + "Info");
    ClassName numbers = ClassName.get(declared.packageName(), base + "Numbers");
    String comment =
        "Generated from the pinned "
            + table.kernel().abi()
            + " table of Linux "
            + KernelTable.RELEASE
            + " and "
            + table.implemented()
            + " handlers.";
    Filer filer = environment.getFiler();
    TypeSpec.Builder dispatchType =
        DispatchEmitter.emit(table, dispatch, info, names, environment.getElementUtils());
    java(dispatchType, dispatch, origin, comment, filer);
    java(InfoEmitter.emit(table, info, names), info, origin, comment, filer);
    java(NumbersEmitter.emit(table, numbers), numbers, origin, comment, filer);
    FileObject header =
        filer.createResource(
            StandardLocation.CLASS_OUTPUT, "", HeaderEmitter.path(table.kernel().abi()), origin);
    try (Writer out = header.openWriter()) {
      out.write(HeaderEmitter.emit(table));
    }
  }

  private static void java(
      TypeSpec.Builder type, ClassName name, TypeElement origin, String comment, Filer filer)
      throws IOException {
    Files.java(name.packageName(), type.addOriginatingElement(origin).build(), comment)
        .writeTo(filer);
  }
}
