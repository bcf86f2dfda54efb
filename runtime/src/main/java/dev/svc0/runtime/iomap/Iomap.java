package dev.svc0.runtime.iomap;

import dev.svc0.runtime.block.BlockDevice;
import org.jspecify.annotations.Nullable;

/** Where a range of a file lies. Reusable. <i>Linux:</i> {@code iomap}. */
public final class Iomap {
  /** Nothing there: reads as zeroes. */
  public static final int HOLE = 0;

  /** Space is reserved, no block chosen yet. */
  public static final int DELALLOC = 1;

  /** Blocks with data. */
  public static final int MAPPED = 2;

  /** Blocks without data: reads as zeroes. */
  public static final int UNWRITTEN = 3;

  /** The blocks were allocated by this call: what they hold means nothing. */
  public static final int F_NEW = 1;

  /** The file needs metadata written before a sync of its data is complete. */
  public static final int F_DIRTY = 2;

  /** The page cache of the file has buffer heads. */
  public static final int F_BUFFER_HEAD = 16;

  /** {@link #HOLE} … {@link #UNWRITTEN}. */
  public int type;

  /** F_ bits. */
  public int flags;

  /** First byte of the file that this is about. */
  public long offset;

  /** Bytes from there. */
  public long length;

  /** Byte on the device where it begins; valid for MAPPED and UNWRITTEN. */
  public long address;

  /** The device; valid for MAPPED and UNWRITTEN. */
  public @Nullable BlockDevice device;

  /** Byte on the device of a position of the file inside this. */
  long addressOf(long position) {
    return address + position - offset;
  }
}
