package dev.svc0.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is generated from {@code good}, compared with {@code expected} as text. To accept a change:
 * run with {@code -Dsvc0.rewriteGoldens=true} and read the difference.
 */
class GoldenFilesTest {
  private static final Path EXPECTED = TestSources.ROOT.resolve("expected");
  private static final Map<String, String> GENERATED = new TreeMap<>();

  @BeforeAll
  static void compile() throws IOException {
    GENERATED.putAll(generate());
  }

  private static Map<String, String> generate() throws IOException {
    Compilation compilation = TestSources.compile(TestSources.under("good"));
    assertThat(compilation.errors()).isEmpty();
    assertThat(compilation.warnings()).isEmpty();
    Map<String, String> files = new TreeMap<>();
    for (JavaFileObject file : compilation.generatedFiles()) {
      if (file.getKind() != Kind.CLASS) {
        String path = file.toUri().getPath();
        files.put(
            path.substring(path.indexOf("OUTPUT/") + "OUTPUT/".length()),
            new String(file.openInputStream().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  @Test
  void generatedFilesAreTheExpectedOnes() throws IOException {
    if (Boolean.getBoolean("svc0.rewriteGoldens")) {
      for (Map.Entry<String, String> file : GENERATED.entrySet()) {
        Path golden = EXPECTED.resolve(file.getKey());
        Files.createDirectories(golden.getParent());
        Files.writeString(golden, file.getValue());
      }
    }
    Map<String, String> expected = new TreeMap<>();
    try (var files = Files.walk(EXPECTED)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = EXPECTED.relativize(file).toString().replace('\\', '/');
        expected.put(name, Files.readString(file));
      }
    }
    assertThat(GENERATED.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, text) -> assertThat(GENERATED.get(name)).as(name).isEqualTo(text));
  }

  @Test
  void sameInputGivesTheSameBytes() throws IOException {
    assertThat(generate()).isEqualTo(GENERATED);
  }
}
