package dev.svc0.arm64;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Compiles modules as somebody else's build would: javac, a class path, the processor. */
final class UserProject {
  private static final Pattern CLASS = Pattern.compile("class (\\w+)");

  private final Path folder;

  /** A compiled module, or the errors as {@code File.java:line: message}. */
  record Result(String name, Path classes, List<String> errors) {}

  UserProject(Path folder) {
    this.folder = folder;
  }

  /** Compiles sources of one public class each, with our modules and others on the class path. */
  Result compile(String name, List<Path> classPath, String... sources) throws IOException {
    Path classes = Files.createDirectories(folder.resolve(name).resolve("classes"));
    Path sourceFolder = Files.createDirectories(folder.resolve(name).resolve("sources"));
    List<File> files = new ArrayList<>();
    for (String source : sources) {
      Matcher matcher = CLASS.matcher(source);
      if (!matcher.find()) {
        throw new IllegalArgumentException(source);
      }
      Path file = sourceFolder.resolve(matcher.group(1) + ".java");
      files.add(Files.writeString(file, source).toFile());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
    classPath.forEach(entry -> path.append(File.pathSeparator).append(entry));
    try (var manager = compiler.getStandardFileManager(diagnostics, null, null)) {
      List<String> options =
          List.of(
              "-d",
              classes.toString(),
              "-cp",
              path.toString(),
              "-processor",
              "dev.svc0.processor.SyscallIndexProcessor,dev.svc0.processor.SyscallTableProcessor");
      compiler
          .getTask(
              null, manager, diagnostics, options, null, manager.getJavaFileObjectsFromFiles(files))
          .call();
    }
    List<String> errors =
        diagnostics.getDiagnostics().stream()
            .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
            .map(UserProject::text)
            .toList();
    return new Result(name, classes, errors);
  }

  private static String text(Diagnostic<? extends JavaFileObject> error) {
    JavaFileObject source = error.getSource();
    String file = source == null ? "" : Path.of(source.toUri()).getFileName().toString();
    return file + ":" + error.getLineNumber() + ": " + error.getMessage(java.util.Locale.ROOT);
  }

  /** The module as a jar. */
  Path jar(Result module) throws IOException {
    Path jar = folder.resolve(module.name + ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(module.classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(
            new JarEntry(module.classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }

  /** All classes of several modules in one folder. */
  Path merge(Result... modules) throws IOException {
    Path merged = folder.resolve("merged");
    for (Result module : modules) {
      try (Stream<Path> files = Files.walk(module.classes)) {
        files.filter(Files::isRegularFile).forEach(file -> copy(module, file, merged));
      }
    }
    return merged;
  }

  private static void copy(Result module, Path file, Path merged) {
    try {
      Path to = merged.resolve(module.classes.relativize(file).toString());
      Files.createDirectories(to.getParent());
      Files.copy(file, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
