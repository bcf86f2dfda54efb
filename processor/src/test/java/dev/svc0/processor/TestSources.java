package dev.svc0.processor;

import static com.google.testing.compile.Compiler.javac;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.Compiler;
import com.google.testing.compile.JavaFileObjects;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;

/** The files under {@code src/test/resources}, and a compiler that runs both processors. */
final class TestSources {
  static final Path ROOT = Path.of("src", "test", "resources");

  /** The metadata types have no dependencies: the runtime's own sources are compiled, not stubs. */
  private static final Path RUNTIME =
      Path.of("..", "runtime", "src", "main", "java", "dev", "svc0", "runtime", "syscall");

  private TestSources() {}

  static List<Path> under(String folder) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Compilation compile(List<Path> sources) {
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach(source -> files.add(file(source)));
    under("stubs").forEach(stub -> files.add(file(stub)));
    files.add(file(RUNTIME.resolve("SyscallInfo.java")));
    files.add(file(RUNTIME.resolve("ArgumentRole.java")));
    files.add(file(RUNTIME.resolve("InfoRows.java")));
    files.add(file(RUNTIME.resolve("SyscallModule.java")));
    return compiler().compile(files);
  }

  private static Compiler compiler() {
    return javac()
        .withOptions("-Xlint:all,-processing", "-parameters")
        .withProcessors(new SyscallIndexProcessor(), new SyscallTableProcessor());
  }

  private static JavaFileObject file(Path path) {
    try {
      return JavaFileObjects.forResource(path.toAbsolutePath().normalize().toUri().toURL());
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
