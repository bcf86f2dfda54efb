package dev.svc0.processor;

import com.google.auto.service.AutoService;
import com.palantir.javapoet.JavaFile;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.processor.diag.Diagnostics;
import dev.svc0.processor.diag.Tag;
import dev.svc0.processor.emit.IndexEmitter;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelTable;
import dev.svc0.processor.model.PinnedNames;
import dev.svc0.processor.parse.HandlerParser;
import dev.svc0.processor.validate.Duplicates;
import dev.svc0.processor.validate.HandlerValidator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * Checks every handler of a module and leaves an index of each class of handlers for tables
 * compiled later. Each index depends on one class only.
 */
@AutoService(Processor.class)
@SupportedAnnotationTypes("dev.svc0.annotation.SyscallDefine")
public final class SyscallIndexProcessor extends AbstractProcessor {
  private @Nullable Checker checker;

  /** What stays the same from round to round; made when the first handler is seen. */
  private record Checker(
      Diagnostics diagnostics,
      PinnedNames names,
      HandlerValidator validator,
      Duplicates duplicates) {}

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Map<Element, List<Handler>> byClass = new LinkedHashMap<>();
    for (Element element : round.getElementsAnnotatedWith(SyscallDefine.class)) {
      if (element instanceof ExecutableElement method) {
        Handler handler = HandlerParser.parse(method);
        Checker checks = checker();
        if (checks.validator.validate(method, handler) && checks.duplicates.add(handler, method)) {
          byClass
              .computeIfAbsent(method.getEnclosingElement(), owner -> new ArrayList<>())
              .add(handler);
        }
      }
    }
    byClass.forEach(this::write);
    return false;
  }

  private Checker checker() {
    Checker existing = checker;
    if (existing == null) {
      Diagnostics diagnostics = new Diagnostics(processingEnv.getMessager());
      PinnedNames names = new PinnedNames();
      HandlerValidator validator = new HandlerValidator(diagnostics, names, KernelTable.arm64());
      existing = new Checker(diagnostics, names, validator, new Duplicates(diagnostics));
      checker = existing;
    }
    return existing;
  }

  private void write(Element owner, List<Handler> handlers) {
    JavaFile file =
        IndexEmitter.emit(handlers, owner, checker().names, processingEnv.getElementUtils());
    try {
      file.writeTo(processingEnv.getFiler());
    } catch (IOException e) {
      checker()
          .diagnostics
          .error(Tag.WRITE, owner, "cannot write the index of these handlers: " + e.getMessage());
    }
  }
}
