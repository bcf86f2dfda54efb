package dev.svc0.runtime.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.runtime.abi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameAllocatorTest {
  private static final int PAGE = FrameAllocator.PAGE_SIZE;

  @Test
  void framesAreZeroAgainAfterReuse() {
    try (FrameAllocator frames = new FrameAllocator(1)) {
      long first = frames.allocate(0);
      HostMemory.fill(first, PAGE, (byte) 0x5a);
      frames.free(first, 0);
      long second = frames.allocate(0);
      assertThat(second).isEqualTo(first);
      for (int i = 0; i < PAGE; i += 8) {
        assertThat(HostMemory.getLong(second + i)).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 511, 512, 513, 1300})
  void everyPageCanBeHandedOutAndMergesBack(int limit) {
    try (FrameAllocator frames = new FrameAllocator(limit)) {
      List<Long> got = new ArrayList<>();
      for (int i = 0; i < limit; i++) {
        got.add(frames.allocate(0));
      }
      assertThat(got).doesNotHaveDuplicates().allMatch(address -> address > 0);
      assertThat(frames.allocate(0)).isEqualTo(-Errno.ENOMEM);
      assertThat(frames.usedPages()).isEqualTo(limit);
      got.forEach(address -> frames.free(address, 0));
      assertThat(frames.usedPages()).isZero();
      if (limit >= 512) {
        assertThat(frames.allocate(9)).isPositive();
      }
    }
  }

  @Test
  void refusesWhatWasNotHandedOut() {
    try (FrameAllocator frames = new FrameAllocator(64)) {
      long run = frames.allocate(2);
      frames.free(run, 2);
      assertThatThrownBy(() -> frames.free(run, 2)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> frames.free(12345, 0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void runsNeverOverlapAndAreAligned() {
    long seed = Long.getLong("svc0.seed", 1);
    Random random = new Random(seed);
    try (FrameAllocator frames = new FrameAllocator(2000)) {
      TreeMap<Long, Integer> live = new TreeMap<>();
      for (int step = 0; step < 20_000; step++) {
        if (random.nextInt(5) < 3) {
          int order = Math.min(9, random.nextInt(12));
          long run = frames.allocate(order);
          if (run < 0) {
            continue;
          }
          long bytes = (long) PAGE << order;
          assertThat(run % bytes).as("seed %d", seed).isZero();
          Long below = live.lowerKey(run + bytes);
          if (below != null) {
            assertThat(below + ((long) PAGE << live.get(below)))
                .as("seed %d", seed)
                .isLessThanOrEqualTo(run);
          }
          assertThat(HostMemory.getLong(run + bytes - 8)).as("seed %d", seed).isZero();
          HostMemory.putLong(run + bytes - 8, step + 1);
          live.put(run, order);
        } else if (!live.isEmpty()) {
          Long run = live.ceilingKey(live.firstKey() + random.nextInt(2000) * (long) PAGE);
          if (run != null) {
            frames.free(run, live.remove(run));
          }
        }
      }
      live.forEach(frames::free);
      assertThat(frames.usedPages()).isZero();
    }
  }
}
