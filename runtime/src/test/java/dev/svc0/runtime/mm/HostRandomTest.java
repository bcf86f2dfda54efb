package dev.svc0.runtime.mm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Random bytes come whole, differ, and stay inside what was asked for. */
class HostRandomTest {
  @Test
  void fillsAsMuchAsAskedForAndNoMore() {
    byte[] bytes = new byte[1000];
    HostRandom.fill(bytes, 999);
    assertThat(bytes[999]).isZero();
    for (int at = 0; at + 16 <= 999; at += 16) {
      byte[] piece = java.util.Arrays.copyOfRange(bytes, at, at + 16);
      assertThat(piece).as("bytes from " + at).isNotEqualTo(new byte[16]);
    }
    byte[] others = new byte[1000];
    HostRandom.fill(others, 999);
    assertThat(others).isNotEqualTo(bytes);
  }

  @Test
  void uuidsSayWhatTheyAre() {
    UUID one = HostRandom.uuid();
    assertThat(one.version()).isEqualTo(4);
    assertThat(one.variant()).isEqualTo(2);
    assertThat(HostRandom.uuid()).isNotEqualTo(one);
  }
}
