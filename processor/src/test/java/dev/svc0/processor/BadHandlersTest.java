package dev.svc0.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import dev.svc0.processor.diag.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file in {@code bad} says with {@code // !! [tag] words} which error must sit on that line.
 */
class BadHandlersTest {
  private static final Pattern EXPECTED = Pattern.compile("// !! (\\[[a-z-]+\\]) (.*)$");

  private record Expected(long line, String tag, String words) {}

  static List<Path> bad() {
    return TestSources.under("bad");
  }

  private static List<Expected> expected(Path file) throws IOException {
    List<Expected> expected = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = EXPECTED.matcher(lines.get(i));
      if (matcher.find()) {
        expected.add(new Expected(i + 1, matcher.group(1), matcher.group(2)));
      }
    }
    return expected;
  }

  @ParameterizedTest
  @MethodSource("bad")
  void errorsSitOnTheirLinesAndSayWhatToWrite(Path file) throws IOException {
    List<Expected> expected = expected(file);
    Compilation compilation = TestSources.compile(List.of(file));
    List<Diagnostic<? extends JavaFileObject>> errors = new ArrayList<>(compilation.errors());
    assertThat(expected).isNotEmpty();
    for (Expected one : expected) {
      assertThat(errors)
          .as("line %d of %s among %s", one.line, file, errors)
          .anySatisfy(error -> {
            assertThat(error.getLineNumber()).isEqualTo(one.line);
            assertThat(error.getMessage(Locale.ROOT)).startsWith(one.tag).contains(one.words);
          });
    }
    assertThat(errors).as("no other errors in %s", file).hasSameSizeAs(expected);
  }

  @Test
  void everyTagHasAFile() throws IOException {
    List<String> seen = new ArrayList<>();
    for (Path file : bad()) {
      expected(file).forEach(one -> seen.add(one.tag));
    }
    assertThat(seen)
        .containsAll(Arrays.stream(Tag.values()).map(tag -> "[" + tag.text() + "]").toList());
  }
}
