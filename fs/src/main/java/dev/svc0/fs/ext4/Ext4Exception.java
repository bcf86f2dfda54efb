package dev.svc0.fs.ext4;

import java.io.Serial;

/**
 * Leaves deep work on metadata with an errno. Caught where an operation of the VFS comes in; nobody
 * outside this package sees it. Carries no stack: what was wrong is told by {@link
 * Ext4SuperBlock#error}.
 */
final class Ext4Exception extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** The negative errno. */
  final long result;

  Ext4Exception(long result) {
    super("errno " + -result, null, false, false);
    this.result = result;
  }

  /** Throws for −errno; returns otherwise. */
  static void check(long result) {
    if (result < 0) {
      throw new Ext4Exception(result);
    }
  }
}
