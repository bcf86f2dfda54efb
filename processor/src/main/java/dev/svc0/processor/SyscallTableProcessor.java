package dev.svc0.processor;

import com.google.auto.service.AutoService;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.SyscallTable;
import dev.svc0.processor.diag.Diagnostics;
import dev.svc0.processor.diag.Tag;
import dev.svc0.processor.emit.TableFiles;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelTable;
import dev.svc0.processor.model.PinnedNames;
import dev.svc0.processor.model.Table;
import dev.svc0.processor.parse.HandlerParser;
import dev.svc0.processor.parse.IndexReader;
import dev.svc0.processor.validate.Duplicates;
import dev.svc0.processor.validate.HandlerValidator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.MirroredTypeException;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * Writes the dispatch, the metadata, the constants and the C header of each declared table, from
 * the handlers of this module and of every index on the class path. It aggregates: any of them
 * changes its output.
 */
@AutoService(Processor.class)
@SupportedAnnotationTypes({"dev.svc0.annotation.SyscallTable", "dev.svc0.annotation.SyscallDefine"})
public final class SyscallTableProcessor extends AbstractProcessor {
  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Set<? extends Element> tables = round.getElementsAnnotatedWith(SyscallTable.class);
    if (!tables.isEmpty()) {
      Diagnostics diagnostics = new Diagnostics(processingEnv.getMessager());
      PinnedNames names = new PinnedNames();
      Map<Element, Handler> own = ownHandlers(round, names);
      List<Handler> candidates = candidates(own);
      Diagnostics conflicts = diagnostics;
      for (Element element : tables) {
        if (element instanceof TypeElement type) {
          List<Handler> handlers = Duplicates.merge(candidates, places(own), type, conflicts);
          conflicts = Diagnostics.silent();
          write(type, handlers, names, diagnostics);
        }
      }
    }
    return false;
  }

  /** The sound handlers of this round; what is wrong with others, the index processor reports. */
  private static Map<Element, Handler> ownHandlers(RoundEnvironment round, PinnedNames names) {
    Diagnostics silent = Diagnostics.silent();
    HandlerValidator validator = new HandlerValidator(silent, names, KernelTable.arm64());
    Duplicates duplicates = new Duplicates(silent);
    Map<Element, Handler> own = new LinkedHashMap<>();
    for (Element element : round.getElementsAnnotatedWith(SyscallDefine.class)) {
      if (element instanceof ExecutableElement method) {
        Handler handler = HandlerParser.parse(method);
        if (validator.validate(method, handler) && duplicates.add(handler, method)) {
          own.put(method, handler);
        }
      }
    }
    return own;
  }

  private static Map<String, Element> places(Map<Element, Handler> own) {
    Map<String, Element> places = new LinkedHashMap<>();
    own.forEach((element, handler) -> places.put(handler.place(), element));
    return places;
  }

  /** A class that is compiled in this round counts as it is now, not as an older index has it. */
  private List<Handler> candidates(Map<Element, Handler> own) {
    List<Handler> handlers = new ArrayList<>(own.values());
    Set<String> compiledNow = new HashSet<>();
    own.values().forEach(handler -> compiledNow.add(handler.handlers()));
    for (Handler handler : IndexReader.read(processingEnv.getElementUtils())) {
      if (!compiledNow.contains(handler.handlers())) {
        handlers.add(handler);
      }
    }
    return handlers;
  }

  private void write(
      TypeElement type, List<Handler> handlers, PinnedNames names, Diagnostics diagnostics) {
    String abi = type.getAnnotation(SyscallTable.class).abi();
    Optional<KernelTable> kernel = KernelTable.of(abi);
    if (kernel.isEmpty()) {
      diagnostics.error(
          Tag.UNKNOWN_ABI,
          type,
          SyscallTable.class.getSimpleName(),
          "abi",
          "there is no pinned table of \"" + abi + "\"; there are " + KernelTable.ABIS);
      return;
    }
    checkExtended(type, abi, diagnostics);
    try {
      TableFiles.write(new Table(kernel.get(), handlers), type, names, processingEnv);
    } catch (IOException e) {
      diagnostics.error(Tag.WRITE, type, "cannot write this table: " + e.getMessage());
    }
  }

  private static void checkExtended(TypeElement type, String abi, Diagnostics diagnostics) {
    TypeMirror extended = extended(type.getAnnotation(SyscallTable.class));
    if (extended instanceof DeclaredType declared) {
      SyscallTable table = declared.asElement().getAnnotation(SyscallTable.class);
      if (table == null || !table.abi().equals(abi)) {
        diagnostics.error(
            Tag.NOT_A_TABLE,
            type,
            SyscallTable.class.getSimpleName(),
            "extending",
            declared
                + " declares no "
                + abi
                + " table: name a type with @SyscallTable(abi = \""
                + abi
                + "\")");
      }
    }
  }

  /** A class that is being compiled has no Class object: the type travels in the exception. */
  private static @Nullable TypeMirror extended(SyscallTable table) {
    try {
      table.extending();
      return null;
    } catch (MirroredTypeException e) {
      return e.getTypeMirror();
    }
  }
}
