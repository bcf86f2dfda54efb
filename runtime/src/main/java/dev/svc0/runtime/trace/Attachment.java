package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.ThreadState;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Advice in the selected methods of the running JVM, from {@link #attach} to {@link #detach}: in
 * the classes loaded by then, and in those loaded later as they come.
 */
final class Attachment implements ClassFileTransformer {
  private static final Weaver WEAVER = new Weaver();

  /** Class files that mention neither annotation have no method to trace. */
  private static final byte[][] MARKERS = {
    "Ldev/svc0/annotation/Traced;".getBytes(StandardCharsets.US_ASCII),
    "Ldev/svc0/annotation/SyscallDefine;".getBytes(StandardCharsets.US_ASCII)
  };

  /** Class files that were woven when they were built call this. */
  private static final byte[] BUILT = "enterBuilt".getBytes(StandardCharsets.US_ASCII);

  /** Never looked at; the tracer itself among them. */
  private static final List<String> NEVER =
      List.of(
          "java.",
          "javax.",
          "jdk.",
          "sun.",
          "com.sun.",
          "net.bytebuddy.",
          "picocli.",
          "org.junit.",
          "org.assertj.",
          "org.apache.maven.",
          Attachment.class.getPackageName() + ".",
          ThreadState.class.getName()); // which the tracer itself calls

  private static final ClassValue<Boolean> ANNOTATED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return mentionsAnnotation(classFile(type));
        }
      };

  private final Instrumentation instrumentation;
  private final TraceSelection selection;
  private final Set<Class<?>> woven =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

  Attachment(Instrumentation instrumentation, TraceSelection selection) {
    this.instrumentation = instrumentation;
    this.selection = selection;
  }

  /** Weaves into the loaded classes, and into others as they are loaded. */
  void attach() {
    instrumentation.addTransformer(this, true);
    retransform(candidates());
    if (!failures.isEmpty()) {
      detach();
      throw new IllegalStateException("could not weave: " + failures);
    }
  }

  /** Gives every class the instructions it had. */
  void detach() {
    instrumentation.removeTransformer(this);
    Set<Class<?>> touched = Collections.newSetFromMap(new WeakHashMap<>());
    touched.addAll(candidates());
    synchronized (woven) {
      touched.addAll(woven);
    }
    retransform(List.copyOf(touched));
  }

  /** What went wrong with classes loaded since. */
  List<String> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  private List<Class<?>> candidates() {
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (mayBeTraced(type.getClassLoader(), type.getName())
          && !type.isArray()
          && !type.isHidden()
          && selection.matchesClass(type.getName())
          && (selection.takesUnnamed() || ANNOTATED.get(type))) {
        found.add(type);
      }
    }
    return found;
  }

  private void retransform(List<Class<?>> types) {
    if (types.isEmpty()) {
      return;
    }
    try {
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String internalName,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] input) {
    if (internalName == null || loader == null) {
      return null;
    }
    String name = internalName.replace('/', '.');
    if (!mayBeTraced(loader, name)
        || contains(input, BUILT)
        || !selection.matchesClass(name)
        || !selection.takesUnnamed() && !mentionsAnnotation(input)) {
      return null;
    }
    try {
      byte[] output = WEAVER.weave(loader, name, input, selection);
      if (output != null && redefined != null) {
        woven.add(redefined);
      }
      return output;
    } catch (RuntimeException | LinkageError e) {
      // The JVM would swallow it: keep it for whoever started the session.
      failures.add(name + ": " + e);
      return null;
    }
  }

  private static boolean mayBeTraced(@Nullable ClassLoader loader, String name) {
    if (loader == null) {
      return false;
    }
    for (String prefix : NEVER) {
      if (name.startsWith(prefix)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] classFile(Class<?> type) {
    String resource = '/' + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(resource)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static boolean mentionsAnnotation(byte[] classFile) {
    for (byte[] marker : MARKERS) {
      if (contains(classFile, marker)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(byte[] text, byte[] part) {
    for (int i = 0; i + part.length <= text.length; i++) {
      int n = 0;
      while (n < part.length && text[i + n] == part[n]) {
        n++;
      }
      if (n == part.length) {
        return true;
      }
    }
    return false;
  }
}
