package dev.svc0.fs.fsck;

import java.util.List;

/**
 * What a check found.
 *
 * @param problems a sentence each; empty for a clean file system
 * @param notes what is no error and good to know
 * @param inodesUsed inodes in use
 * @param inodes all inodes
 * @param blocksUsed blocks in use
 * @param blocks all blocks
 */
public record CheckReport(
    List<String> problems,
    List<String> notes,
    long inodesUsed,
    long inodes,
    long blocksUsed,
    long blocks) {

  /** Whether nothing is wrong. */
  public boolean isClean() {
    return problems.isEmpty();
  }
}
