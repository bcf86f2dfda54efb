package dev.svc0.arm64.interp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.arm64.isa.InstructionTable.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Writes target/isa-coverage.csv: each instruction of the specification, and how it is tested. */
class CoverageReportTest {
  @Test
  void everyInstructionIsTested() throws IOException {
    Map<String, Recording.Outcome> recorded = Recording.read();
    List<String> lines = new ArrayList<>();
    lines.add("number,name,title,feature,class,cases,executed,tested");
    List<String> untested = new ArrayList<>();
    for (Entry entry : InstructionTable.read().entries()) {
      Recording.Outcome outcome = recorded.get(entry.name());
      int executed = outcome == null ? 0 : outcome.executed();
      if (executed == 0) {
        untested.add(entry.name());
      }
      lines.add(
          "%d,%s,\"%s\",%s,%s,%d,%d,%s"
              .formatted(
                  entry.number(),
                  entry.name(),
                  entry.title(),
                  entry.feature(),
                  entry.semantics(),
                  outcome == null ? 0 : Recording.CASES,
                  executed,
                  executed > 0 ? "yes" : "no"));
    }
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target", "isa-coverage.csv"), lines);
    assertThat(untested).isEmpty();
  }
}
