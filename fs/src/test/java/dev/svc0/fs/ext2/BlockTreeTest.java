package dev.svc0.fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to a block, checked against the arithmetic of the format. */
class BlockTreeTest {
  /** Largest files as Linux reports them for its ext2. */
  @ParameterizedTest
  @CsvSource({"10, 17247252480", "11, 275415851008", "12, 2196873666560"})
  void largestFile(int blockBits, long bytes) {
    assertThat(BlockTree.maxSize(blockBits)).isEqualTo(bytes);
  }

  /** Walks the tree in order and counts: each path must name the next block. */
  @Test
  void pathsCountUp() {
    Branch branch = new Branch();
    int pointers = 256;
    long block = 0;
    for (int i = 0; i < 12; i++, block++) {
      assertThat(BlockTree.blockToPath(10, block, branch)).isEqualTo(1);
      assertThat(branch.offsets[0]).isEqualTo(i);
    }
    for (int i = 0; i < pointers; i++, block++) {
      assertThat(BlockTree.blockToPath(10, block, branch)).isEqualTo(2);
      assertThat(branch.offsets).startsWith(12, i);
      assertThat(branch.boundary).isEqualTo(pointers - 1 - i);
    }
    for (int i = 0; i < pointers; i++) {
      for (int j = 0; j < pointers; j++, block++) {
        assertThat(BlockTree.blockToPath(10, block, branch)).isEqualTo(3);
        assertThat(branch.offsets).startsWith(13, i, j);
      }
    }
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < pointers; j++) {
        for (int k = 0; k < pointers; k += 255) {
          long at = block + ((long) i * pointers + j) * pointers + k;
          assertThat(BlockTree.blockToPath(10, at, branch)).isEqualTo(4);
          assertThat(branch.offsets).containsExactly(14, i, j, k);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 16843020", "11, 134480396", "12, 1074791436"})
  void nothingBeyondTheTree(int blockBits, long blocks) {
    Branch branch = new Branch();
    int last = (1 << blockBits - 2) - 1;
    assertThat(BlockTree.blockToPath(blockBits, blocks - 1, branch)).isEqualTo(4);
    assertThat(branch.offsets).containsExactly(14, last, last, last);
    assertThat(BlockTree.blockToPath(blockBits, blocks, branch)).isZero();
    assertThat(BlockTree.blockToPath(blockBits, -1, branch)).isZero();
  }
}
