package dev.svc0.runtime.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ids of operations. */
@Timeout(60)
class ThreadStateTest {
  private static final int THREADS = 4;
  private static final int IDS = 20_000;

  @Test
  void idsOfAThreadAscendAndNoTwoThreadsHaveTheSame() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<List<Long>> ids = new ArrayList<>();
    List<KernelThread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      List<Long> own = new ArrayList<>(IDS);
      ids.add(own);
      KernelThread thread =
          new KernelThread(
              () -> {
                try {
                  start.await();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
                ThreadState self = ThreadState.current();
                for (int id = 0; id < IDS; id++) {
                  own.add(self.nextOperationId());
                }
              },
              "ids-" + i);
      threads.add(thread);
      thread.start();
    }
    for (KernelThread thread : threads) {
      thread.join();
    }
    Set<Long> all = new HashSet<>();
    for (List<Long> own : ids) {
      assertThat(own).hasSize(IDS).isSorted();
      assertThat(own.getFirst()).isPositive();
      all.addAll(own);
    }
    assertThat(all).hasSize(THREADS * IDS);
  }
}
