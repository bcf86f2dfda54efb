package dev.svc0.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives the classes of a jar a version that the JVM's AOT cache takes: it keeps none from before
 * stack maps (Java 6), which must then be parsed and verified at each start. Their code stays as it
 * is. Run by the launcher before it has the cache made: {@code java -cp svc0.jar
 * dev.svc0.cli.ModernClasses JAR}.
 */
final class ModernClasses {
  private static final String SUFFIX = ".class";

  private ModernClasses() {}

  /** Rewrites the one jar that is named, unless nothing in it is too old. */
  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Map<String, byte[]> entries = read(jar);
    if (!modernize(entries)) {
      return; // done by an earlier build
    }
    Path next = jar.resolveSibling(jar.getFileName() + ".new");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(next))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        JarEntry header = new JarEntry(entry.getKey());
        header.setTime(0); // the same bytes from each build
        out.putNextEntry(header);
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Map<String, byte[]> read(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
        entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  /** Whether any class was too old. */
  private static boolean modernize(Map<String, byte[]> entries) {
    ClassHierarchyResolver ours =
        ClassHierarchyResolver.ofResourceParsing(type -> {
          String name = type.descriptorString();
          byte[] found = entries.get(name.substring(1, name.length() - 1) + SUFFIX);
          return found == null ? null : new ByteArrayInputStream(found);
        });
    ClassFile classFile =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ours.orElse(ClassHierarchyResolver.defaultResolver())));
    Map<String, byte[]> changed = new LinkedHashMap<>();
    entries.forEach((name, bytes) -> {
      if (name.endsWith(SUFFIX) && !name.startsWith("META-INF/")) {
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() < ClassFile.JAVA_8_VERSION) {
          changed.put(
              name,
              classFile.transformClass(
                  model,
                  ClassTransform.transformingMethodBodies(CodeBuilder::with)
                      .andThen(ClassTransform.dropping(ClassFileVersion.class::isInstance))
                      .andThen(
                          ClassTransform.endHandler(
                              builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0)))));
        }
      }
    });
    entries.putAll(changed);
    return !changed.isEmpty();
  }
}
