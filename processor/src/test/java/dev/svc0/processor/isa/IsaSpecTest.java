package dev.svc0.processor.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The instruction set specification: what is read, and what is found wrong. */
class IsaSpecTest {
  private static final String ADD = "ADD | sf:1 0001010 Rest:24 | ADD";

  private static List<String> problems(String... lines) {
    return IsaSpec.parse(List.of(lines)).problems();
  }

  @Test
  void readsFieldsMasksAndGroups() {
    IsaSpec spec = IsaSpec.parse(List.of("# comment", "[Sums] LSE — sums", ADD));
    assertThat(spec.problems()).isEmpty();
    IsaSpec.Instruction add = spec.instructions().getFirst();
    assertThat(add.number()).isEqualTo(1);
    assertThat(add.feature()).isEqualTo("LSE");
    assertThat(add.semantics()).isEqualTo("Sums");
    assertThat(add.mask()).isEqualTo(0x7f000000);
    assertThat(add.value()).isEqualTo(0x0a000000);
    assertThat(add.fields())
        .containsExactly(new IsaSpec.Field("sf", 31, 1), new IsaSpec.Field("Rest", 0, 24));
  }

  @Test
  void numbersAreDenseWithinAClassEvenIfItsGroupsAreApart() {
    IsaSpec spec =
        IsaSpec.parse(
            List.of(
                "[A] A64 — a",
                "A1 | 00 R:30 | a",
                "[B] A64 — b",
                "B1 | 01 R:30 | b",
                "[A] X — more of a",
                "A2 | 10 R:30 | a"));
    assertThat(spec.instructions().stream().map(IsaSpec.Instruction::name))
        .containsExactly("A1", "A2", "B1");
  }

  @Test
  void tellsWhatIsWrong() {
    assertThat(problems("[A] A64 — a", "X | 01 R:29 | short"))
        .containsExactly("line 2: pattern of X is not 32 bits long");
    assertThat(problems("[A] A64 — a", "X | 0 R:31"))
        .containsExactly("line 2: wants name | pattern | title");
    assertThat(problems("[A] A64 — a", "X | 0 R:31 | x", "X | 1 R:31 | x"))
        .containsExactly("line 3: a second X");
    assertThat(problems("[A] A64 — a", "X | 0 R:31 | x", "Y | 01 R:30 | y"))
        .containsExactly("line 3: hidden by line 2");
    assertThat(IsaSpec.read("missing.spec").problems())
        .containsExactly("no specification missing.spec");
  }

  @Test
  void ownSpecificationIsSound() {
    IsaSpec spec = IsaSpec.read("a64.spec");
    assertThat(spec.problems()).isEmpty();
    assertThat(spec.instructions()).hasSizeGreaterThan(600);
  }
}
