package dev.svc0.fs.jbd2;

import dev.svc0.fs.extformat.Crc;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.MountException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The fast commits behind a log: little tagged records of what changed since the last full commit.
 * Only those that a tail with the right checksum closes count. <i>Linux:</i> fs/ext4/fast_commit.c.
 *
 * <p>Each record: tag and length (16 bits each, little-endian), then the value. A length is checked
 * before anything of the value is read.
 */
final class FastCommitLog {
  private static final int TAG_ADD_RANGE = 1;
  private static final int TAG_DEL_RANGE = 2;
  private static final int TAG_CREAT = 3;
  private static final int TAG_LINK = 4;
  private static final int TAG_UNLINK = 5;
  private static final int TAG_INODE = 6;
  private static final int TAG_PAD = 7;
  private static final int TAG_TAIL = 8;
  private static final int TAG_HEAD = 9;
  private static final int TAG_BYTES = 4;
  private static final int TAIL_CRC = 4;

  /** An extent that reads as zeroes has this added to its length. */
  private static final int EXT_INIT_MAX_LEN = 1 << 15;

  /** A record that counts. */
  private record Item(int tag, byte[] value) {
    int u32(int at) {
      return u16(at) | u16(at + 2) << 16;
    }

    long inode(int at) {
      return u32(at) & 0xffff_ffffL;
    }

    int u16(int at) {
      return value[at] & 0xff | (value[at + 1] & 0xff) << 8;
    }

    /** Blocks of a range to add, whose value is an extent as it lies in an inode. */
    int blocks() {
      return u16(8) - (unwritten() != 0 ? EXT_INIT_MAX_LEN : 0);
    }

    int unwritten() {
      return u16(8) > EXT_INIT_MAX_LEN ? 1 : 0;
    }

    long physical() {
      return (long) u16(10) << 32 | inode(12);
    }

    String name() {
      return new String(value, 8, value.length - 8, StandardCharsets.ISO_8859_1);
    }
  }

  private final LogReader log;
  private final long first;
  private final long end;
  private final int blockSize;
  private final int tid;

  /** What tails close, each fast commit for itself. */
  private final List<List<Item>> valid = new ArrayList<>();

  private List<Item> open = new ArrayList<>();
  private int checksum;

  /** The area [first, end) of a log, for changes since the transaction before a tid. */
  FastCommitLog(LogReader log, long first, long end, int blockSize, int tid) {
    this.log = log;
    this.first = first;
    this.end = end;
    this.blockSize = blockSize;
    this.tid = tid;
  }

  boolean hasAny() {
    return !valid.isEmpty();
  }

  /** Finds the records that count. */
  void scan() throws MountException {
    for (long block = first; block < end; block++) {
      long at = log.read(block);
      if (block == first && u16(at) != TAG_HEAD || !scanBlock(at)) {
        return;
      }
    }
  }

  private static int u16(long address) {
    return HostMemory.getShort(address) & 0xffff;
  }

  /** The records of one block; false: what follows does not count. */
  private boolean scanBlock(long block) {
    int at = 0;
    while (at <= blockSize - TAG_BYTES) {
      int tag = u16(block + at);
      int length = u16(block + at + 2);
      if (at + TAG_BYTES + length > blockSize || !isLengthRight(tag, length)) {
        return false;
      }
      long value = block + at + TAG_BYTES;
      if (tag == TAG_TAIL) {
        checksum = Crc.crc32c(checksum, block + at, TAG_BYTES + TAIL_CRC);
        if (HostMemory.getInt(value) != tid || HostMemory.getInt(value + TAIL_CRC) != checksum) {
          return false;
        }
        valid.add(open);
        open = new ArrayList<>();
        checksum = 0;
      } else {
        checksum = Crc.crc32c(checksum, block + at, TAG_BYTES + length);
        if (tag == TAG_HEAD) {
          if (HostMemory.getInt(value) != 0 || HostMemory.getInt(value + 4) != tid) {
            return false;
          }
        } else if (tag != TAG_PAD) {
          byte[] copy = new byte[length];
          HostMemory.copy(value, copy, 0, length);
          open.add(new Item(tag, copy));
        }
      }
      at += TAG_BYTES + length;
    }
    return true;
  }

  private static boolean isLengthRight(int tag, int length) {
    return switch (tag) {
      case TAG_ADD_RANGE -> length == 16;
      case TAG_DEL_RANGE -> length == 12;
      case TAG_CREAT, TAG_LINK, TAG_UNLINK -> length > 8 && length <= 8 + 255;
      case TAG_INODE -> length >= 4 + 128;
      case TAG_PAD -> true;
      case TAG_TAIL, TAG_HEAD -> length >= 8;
      default -> false;
    };
  }

  /** Has all of them carried out, in order. */
  void replay(FastCommitReplay replay) throws MountException {
    for (List<Item> commit : valid) {
      for (Item item : commit) {
        check(item.tag == TAG_ADD_RANGE ? replay.claim(item.physical(), item.blocks()) : 0);
      }
    }
    for (List<Item> commit : valid) {
      check(replay.begin(inodesOf(commit)));
      for (Item item : commit) {
        check(replay(replay, item));
      }
    }
    check(replay.finish());
  }

  private static Set<Long> inodesOf(List<Item> commit) {
    Set<Long> inodes = new HashSet<>();
    for (Item item : commit) {
      if (item.tag == TAG_INODE) {
        inodes.add(item.inode(0));
      }
    }
    return inodes;
  }

  private static void check(long result) throws MountException {
    if (result != 0) {
      throw new MountException(
          (int) -result, "jbd2: a fast commit cannot be replayed: run e2fsck -p");
    }
  }

  private static long replay(FastCommitReplay replay, Item item) {
    return switch (item.tag) {
      case TAG_ADD_RANGE ->
          replay.addRange(
              item.inode(0), item.inode(4), item.blocks(), item.physical(), item.unwritten());
      case TAG_DEL_RANGE -> replay.delRange(item.inode(0), item.inode(4), item.inode(8));
      case TAG_CREAT -> replay.create(item.inode(0), item.inode(4), item.name());
      case TAG_LINK -> replay.link(item.inode(0), item.inode(4), item.name());
      case TAG_UNLINK -> replay.unlink(item.inode(0), item.inode(4), item.name());
      default -> {
        byte[] raw = new byte[item.value.length - 4];
        System.arraycopy(item.value, 4, raw, 0, raw.length);
        yield replay.inode(item.inode(0), raw);
      }
    };
  }
}
