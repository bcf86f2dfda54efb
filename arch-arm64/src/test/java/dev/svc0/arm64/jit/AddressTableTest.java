package dev.svc0.arm64.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The table against a map: addresses come, change, go and come again. */
final class AddressTableTest {
  private static final int STEPS = 200_000;

  @Test
  void agreesWithMap() {
    long seed = Long.getLong("svc0.test.seed", 1);
    Random random = new Random(seed);
    AddressTable table = new AddressTable();
    Map<Long, Long> map = new HashMap<>();
    for (int i = 0; i < STEPS; i++) {
      long address = random.nextInt(1 + i / 8) * 4L;
      long number = random.nextInt(3) == 0 ? 0 : random.nextLong();
      table.put(address, number);
      map.put(address, number);
      long other = random.nextInt(STEPS) * 4L;
      assertEquals(map.getOrDefault(other, 0L), table.get(other), "seed " + seed);
    }
    map.forEach((address, number) -> assertEquals(number, table.get(address), "seed " + seed));
  }
}
