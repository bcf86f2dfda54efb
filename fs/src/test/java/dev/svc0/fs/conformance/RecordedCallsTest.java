package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls recorded on Linux, made again here: same results, same errors. {@code record.c} beside the
 * data says how they were recorded.
 */
class RecordedCallsTest {
  private static final String RECORDED = "tmpfs.txt";

  static Stream<String> cases() {
    return read().keySet().stream();
  }

  private static Map<String, List<String>> read() {
    Map<String, List<String>> cases = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    try (InputStream in = RecordedCallsTest.class.getResourceAsStream(RECORDED)) {
      String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      for (String line : text.split("\n")) {
        if (line.startsWith("case ")) {
          current = new ArrayList<>();
          cases.put(line.substring(5), current);
        } else {
          current.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tmpfsAnswersAsLinuxDid(String name) throws Exception {
    List<String> recorded = read().get(name);
    List<String> answered = new ArrayList<>();
    try (Machine machine = new Machine("tmpfs", "")) {
      Script script = new Script(machine);
      script.startCase();
      for (String line : recorded) {
        String call = line.substring(0, line.indexOf(" => "));
        answered.add(call + " => " + script.run(call.split(" ")));
      }
    }
    assertThat(answered).containsExactlyElementsOf(recorded);
  }
}
