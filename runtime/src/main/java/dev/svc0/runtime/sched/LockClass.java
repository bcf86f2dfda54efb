package dev.svc0.runtime.sched;

/**
 * The kinds of locks whose order is checked, outermost first: the first eleven are declared to be
 * taken in this order, what else follows which is learned. See {@link LockOrder}.
 */
public enum LockClass {
  /** A file's position. */
  FILE_POSITION,
  /** Renames in a file system that lies on others. */
  STACKED_RENAME,
  /** An inode of a file system that lies on others. */
  STACKED_INODE,
  /** Copying up in an overlay. */
  COPY_UP,
  /** Renames between directories of a file system. */
  RENAME,
  /** An inode; several are taken from ancestor to descendant. */
  INODE,
  /** A page cache against being invalidated. */
  INVALIDATE,
  /** A folio. */
  FOLIO,
  /** Where the blocks of a file lie. */
  FILE_BLOCKS,
  /** Free blocks and inodes of a file system. */
  ALLOCATION,
  /** A folio of a disk's own content, where file systems keep what they know. */
  DISK_FOLIO,
  /** The mappings of a process. */
  MEMORY_MAP,
  /** The content of a pipe. */
  PIPE,
  /** A disk, against changing its size or block size. */
  DISK;

  /** How many of them have a declared order. */
  static final int DECLARED = DISK_FOLIO.ordinal();
}
