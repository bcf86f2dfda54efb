package dev.svc0.runtime.trace;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.Traced;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.annotation.AnnotationList;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Turns a class file into the same with advice in its selected methods. What was woven is kept, so
 * that attaching again costs no new class and no new work. Thread-safe.
 */
final class Weaver {
  private static final Advice PLAIN = AdviceMappings.advice(FunctionAdvice.Plain.class);

  /** For classes that are woven when they are built. */
  static final Advice BUILT = AdviceMappings.advice(FunctionAdvice.Built.class);

  private static final Advice ARGUMENTS = AdviceMappings.advice(FunctionAdvice.Arguments.class);

  private final ByteBuddy byteBuddy =
      new ByteBuddy()
          .with(TypeValidation.DISABLED)
          .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE);

  /** By class loader and class name; protected by this. */
  private final Map<ClassLoader, Map<String, Woven>> kept = new WeakHashMap<>();

  /** What came out last for a class, and of what. */
  private record Woven(byte[] input, List<Integer> methods, boolean arguments, byte[] output) {}

  /** The woven class file, or null when nothing of the class is selected. */
  byte @Nullable [] weave(
      ClassLoader loader, String className, byte[] input, TraceSelection selection) {
    TypeDescription type = describe(className, locator(loader, className, input));
    Map<String, List<String>> annotations =
        selection.takesAnnotated() ? annotations(loader, className, type) : Map.of();
    List<TracedMethod> chosen = new ArrayList<>();
    Map<MethodDescription, TracedMethod> byMethod = new HashMap<>();
    for (MethodDescription.InDefinedShape method : type.getDeclaredMethods()) {
      List<String> on = annotations.getOrDefault(signature(method), List.of());
      TracedMethod traced = traced(type, method, on, selection);
      if (traced != null) {
        chosen.add(traced);
        byMethod.put(method, traced);
      }
    }
    if (chosen.isEmpty()) {
      return null;
    }
    List<Integer> ids = chosen.stream().map(TracedMethod::id).toList();
    byte[] before = known(loader, className, input, ids, selection.arguments());
    if (before != null) {
      return before;
    }
    byte[] output = weave(loader, type, input, byMethod, selection.arguments());
    keep(loader, className, new Woven(input, ids, selection.arguments(), output));
    return output;
  }

  private byte[] weave(
      ClassLoader loader,
      TypeDescription type,
      byte[] input,
      Map<MethodDescription, TracedMethod> chosen,
      boolean arguments) {
    AsmVisitorWrapper.ForDeclaredMethods methods = new AsmVisitorWrapper.ForDeclaredMethods();
    for (MethodDescription method : chosen.keySet()) {
      methods = methods.method(ElementMatchers.is(method), arguments ? ARGUMENTS : PLAIN);
    }
    return byteBuddy
        .decorate(type, locator(loader, type.getName(), input))
        .visit(methods)
        .make()
        .getBytes();
  }

  private static TypeDescription describe(String className, ClassFileLocator locator) {
    return new TypePool.Default(
            TypePool.CacheProvider.Simple.withObjectType(),
            locator,
            TypePool.Default.ReaderMode.EXTENDED)
        .describe(className)
        .resolve();
  }

  /**
   * Binary names of the annotations of each method, as its class file has them: of a loaded class
   * the JVM gives back only those with RUNTIME retention.
   */
  private static Map<String, List<String>> annotations(
      ClassLoader loader, String className, TypeDescription given) {
    TypeDescription type = given;
    try {
      ClassFileLocator files = ClassFileLocator.ForClassLoader.of(loader);
      if (files.locate(className).isResolved()) {
        type = describe(className, files);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, List<String>> found = new HashMap<>();
    for (MethodDescription.InDefinedShape method : type.getDeclaredMethods()) {
      List<String> names =
          method.getDeclaredAnnotations().stream()
              .map(annotation -> annotation.getAnnotationType().getName())
              .toList();
      found.put(signature(method), names);
    }
    return found;
  }

  private static String signature(MethodDescription method) {
    return method.getInternalName() + method.getDescriptor();
  }

  private static ClassFileLocator locator(ClassLoader loader, String className, byte[] input) {
    return new ClassFileLocator.Compound(
        ClassFileLocator.Simple.of(className, input), ClassFileLocator.ForClassLoader.of(loader));
  }

  /** What is known of a method when it is selected and can be traced; null otherwise. */
  private static @Nullable TracedMethod traced(
      TypeDescription type,
      MethodDescription.InDefinedShape method,
      List<String> annotations,
      TraceSelection selection) {
    if (method.isAbstract() || method.isNative() || !method.isMethod()) {
      return null;
    }
    AnnotationList on = method.getDeclaredAnnotations();
    AnnotationDescription.Loadable<Traced> found = on.ofType(Traced.class);
    AnnotationDescription.Loadable<SyscallDefine> call = on.ofType(SyscallDefine.class);
    if (found == null && call == null && !selection.takesUnnamed()) {
      return null;
    }
    Traced traced = found == null ? null : found.load();
    Traced.Layer layer = layer(type, traced, call != null);
    String name = name(method, traced, call);
    if (!selection.matchesMethod(type.getName(), method.getName())
        && !selection.matches(type.getName(), name, layer, annotations)) {
      return null;
    }
    return MethodTable.intern(AdviceMappings.key(type, method), id -> described(method, type, id));
  }

  /** What is known of a method. */
  static TracedMethod described(
      MethodDescription.InDefinedShape method, TypeDescription type, int id) {
    AnnotationList on = method.getDeclaredAnnotations();
    AnnotationDescription.Loadable<Traced> found = on.ofType(Traced.class);
    AnnotationDescription.Loadable<SyscallDefine> call = on.ofType(SyscallDefine.class);
    Traced traced = found == null ? null : found.load();
    String name = name(method, traced, call);
    return new TracedMethod(
        id,
        name == null ? type.getSimpleName() + '.' + method.getName() : name,
        layer(type, traced, call != null),
        call != null,
        type.getName(),
        method.getName(),
        method.getDescriptor(),
        method.getParameters().stream().map(p -> p.getName()).toList(),
        result(method));
  }

  private static @Nullable String name(
      MethodDescription method,
      @Nullable Traced traced,
      AnnotationDescription.@Nullable Loadable<SyscallDefine> call) {
    if (call != null) {
      return call.load().name();
    }
    if (traced == null) {
      return null;
    }
    return traced.value().isEmpty() ? method.getName() : traced.value();
  }

  private static Traced.Layer layer(
      TypeDescription type, @Nullable Traced traced, boolean systemCall) {
    if (traced != null && traced.layer() != Traced.Layer.INHERIT) {
      return traced.layer();
    }
    AnnotationDescription.Loadable<Traced> onType =
        type.getDeclaredAnnotations().ofType(Traced.class);
    if (onType != null && onType.load().layer() != Traced.Layer.INHERIT) {
      return onType.load().layer();
    }
    TypeDescription outer = type.getDeclaringType();
    if (outer != null) {
      return layer(outer, null, systemCall);
    }
    return systemCall ? Traced.Layer.SYSCALL : Traced.Layer.INHERIT;
  }

  private static TracedMethod.Result result(MethodDescription method) {
    if (method.getReturnType().represents(void.class)) {
      return TracedMethod.Result.NONE;
    }
    return method.getReturnType().isPrimitive()
        ? TracedMethod.Result.VALUE
        : TracedMethod.Result.REFERENCE;
  }

  private synchronized byte @Nullable [] known(
      ClassLoader loader, String className, byte[] input, List<Integer> ids, boolean arguments) {
    Map<String, Woven> classes = kept.get(loader);
    Woven woven = classes == null ? null : classes.get(className);
    return woven != null
            && woven.arguments == arguments
            && woven.methods.equals(ids)
            && Arrays.equals(woven.input, input)
        ? woven.output
        : null;
  }

  private synchronized void keep(ClassLoader loader, String className, Woven woven) {
    kept.computeIfAbsent(loader, l -> new HashMap<>()).put(className, woven);
  }
}
