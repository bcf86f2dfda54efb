package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Crc;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.MountException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** One recovery of a log inside a file system. <i>Linux:</i> fs/jbd2/recovery.c. */
@Traced(layer = Traced.Layer.JOURNAL)
public final class JournalRecovery {
  private static final int INCOMPAT_SUPPORTED =
      FEATURE_INCOMPAT_REVOKE
          | FEATURE_INCOMPAT_64BIT
          | FEATURE_INCOMPAT_ASYNC_COMMIT
          | FEATURE_INCOMPAT_CSUM_V2
          | FEATURE_INCOMPAT_CSUM_V3;

  private enum Pass {
    SCAN,
    REVOKE,
    REPLAY
  }

  private final BlockDevice device;
  private final int blockSize;
  private final LongUnaryOperator map;
  private final long fileSystemBlocks;

  /** Blocks that must not be replayed, and up to which transaction. */
  private final Map<Long, Integer> revoked = new HashMap<>();

  private int incompat;
  private boolean checksumsCommits;

  /** Over what was scanned since the last commit, where commits have a checksum. */
  private int transactionChecksum;

  private int checksumSeed;
  private long first;
  private long maxLength;
  private int endTransaction;
  private long replayed;

  /**
   * For a log.
   *
   * @param map from a block of the log to one of the device; 0 or −errno when there is none
   * @param fileSystemBlocks blocks of the file system: nothing is written beyond
   */
  public JournalRecovery(
      BlockDevice device, int blockSize, LongUnaryOperator map, long fileSystemBlocks) {
    this.device = device;
    this.blockSize = blockSize;
    this.map = map;
    this.fileSystemBlocks = fileSystemBlocks;
  }

  /** Blocks that were brought to their place. */
  public long replayedBlocks() {
    return replayed;
  }

  private static int be32(long address) {
    return Integer.reverseBytes(HostMemory.getInt(address));
  }

  private static int be16(long address) {
    return Short.reverseBytes(HostMemory.getShort(address)) & 0xffff;
  }

  private static void putBe32(long address, int value) {
    HostMemory.putInt(address, Integer.reverseBytes(value));
  }

  private static MountException broken(String message) {
    return new MountException(Errno.EUCLEAN, "jbd2: " + message + ": run e2fsck");
  }

  private BufferHead read(long logBlock) throws MountException {
    long block = map.applyAsLong(logBlock);
    if (block <= 0 || block >= fileSystemBlocks) {
      throw broken("block " + logBlock + " of the journal has no place");
    }
    BufferHead buffer = Buffers.bread(device, block, blockSize);
    if (buffer == null) {
      throw new MountException(Errno.EIO, "jbd2: cannot read block " + block + " of the journal");
    }
    return buffer;
  }

  /** Brings everything that was committed to its place and empties the log. */
  @Traced("jbd2_journal_recover")
  public void recover() throws MountException {
    BufferHead superBlock = read(0);
    try {
      loadSuperBlock(superBlock.address);
      int start = be32(superBlock.address + S_START);
      int sequence = be32(superBlock.address + S_SEQUENCE);
      if (start != 0) {
        if (start < first || start >= maxLength) {
          throw broken("s_start is " + start);
        }
        doOnePass(Pass.SCAN, start, sequence);
        doOnePass(Pass.REVOKE, start, sequence);
        doOnePass(Pass.REPLAY, start, sequence);
        sequence = endTransaction + 1;
        sync();
      }
      putBe32(superBlock.address + S_SEQUENCE, sequence);
      putBe32(superBlock.address + S_START, 0);
      if (hasChecksums()) {
        putBe32(superBlock.address + S_CHECKSUM, superBlockChecksum(superBlock.address));
      }
      Buffers.markBufferDirty(superBlock);
      sync();
    } finally {
      Buffers.brelse(superBlock);
    }
  }

  private void sync() throws MountException {
    if (device.sync() != 0) {
      throw new MountException(Errno.EIO, "jbd2: writing to " + device.name() + " failed");
    }
  }

  private void loadSuperBlock(long at) throws MountException {
    int type = be32(at + H_BLOCKTYPE);
    if (be32(at + H_MAGIC) != JBD2_MAGIC_NUMBER
        || type != JBD2_SUPERBLOCK_V1 && type != JBD2_SUPERBLOCK_V2) {
      throw broken("no journal superblock");
    }
    if (be32(at + S_BLOCKSIZE) != blockSize) {
      throw broken("s_blocksize is " + be32(at + S_BLOCKSIZE) + ", not " + blockSize);
    }
    maxLength = be32(at + S_MAXLEN) & 0xffff_ffffL;
    first = be32(at + S_FIRST) & 0xffff_ffffL;
    if (first < 1 || first >= maxLength || maxLength > fileSystemBlocks) {
      throw broken("s_first is " + first + " and s_maxlen " + maxLength);
    }
    incompat = type == JBD2_SUPERBLOCK_V2 ? be32(at + S_FEATURE_INCOMPAT) : 0;
    checksumsCommits =
        type == JBD2_SUPERBLOCK_V2
            && !hasChecksums()
            && (be32(at + S_FEATURE_COMPAT) & FEATURE_COMPAT_CHECKSUM) != 0;
    int unknown = incompat & ~INCOMPAT_SUPPORTED;
    if (unknown != 0) {
      throw new MountException(
          Errno.EINVAL,
          "jbd2: the journal has features that cannot be recovered here (%s): run e2fsck -p"
              .formatted(unknown == 0x20 ? "fast_commit" : "0x" + Integer.toHexString(unknown)));
    }
    checksumSeed = Crc.crc32c(Crc.CRC32C_START, at + S_UUID, 16);
    if (hasChecksums() && be32(at + S_CHECKSUM) != superBlockChecksum(at)) {
      throw broken("s_checksum of the journal superblock is wrong");
    }
  }

  private boolean hasChecksums() {
    return (incompat & (FEATURE_INCOMPAT_CSUM_V2 | FEATURE_INCOMPAT_CSUM_V3)) != 0;
  }

  private static int superBlockChecksum(long at) {
    return checksumWithout(Crc.CRC32C_START, at, S_CHECKSUM, SUPERBLOCK_SIZE);
  }

  /** The checksum of bytes in which the checksum's own field counts as zero. */
  private static int checksumWithout(int seed, long at, int field, int bytes) {
    int crc = Crc.crc32c(seed, at, field);
    crc = Crc.crc32cZeroes(crc, 4);
    return Crc.crc32c(crc, at + field + 4, bytes - field - 4);
  }

  private long next(long logBlock) {
    return logBlock + 1 >= maxLength ? first : logBlock + 1;
  }

  /** Follows the log from its start; the scan finds where it ends. */
  @Traced("do_one_pass")
  private void doOnePass(Pass pass, long start, int startSequence) throws MountException {
    long at = start;
    int sequence = startSequence;
    transactionChecksum = -1;
    for (long left = maxLength; left > 0; left--) {
      if (pass != Pass.SCAN && sequence == endTransaction) {
        return;
      }
      BufferHead block = read(at);
      try {
        long address = block.address;
        at = next(at);
        if (be32(address + H_MAGIC) != JBD2_MAGIC_NUMBER
            || be32(address + H_SEQUENCE) != sequence) {
          break;
        }
        int type = be32(address + H_BLOCKTYPE);
        if (type == JBD2_DESCRIPTOR_BLOCK) {
          if (!isTailRight(address)) {
            break;
          }
          at = descriptor(pass, address, at, sequence);
        } else if (type == JBD2_COMMIT_BLOCK) {
          if (!isCommitRight(pass, address)) {
            break;
          }
          sequence++;
        } else if (type == JBD2_REVOKE_BLOCK) {
          if (pass == Pass.REVOKE) {
            revoke(address, sequence);
          }
        } else {
          break;
        }
      } finally {
        Buffers.brelse(block);
      }
    }
    if (pass == Pass.SCAN) {
      endTransaction = sequence;
    } else if (sequence != endTransaction) {
      throw broken("the journal changed while it was read");
    }
  }

  private boolean isCommitRight(Pass pass, long address) {
    int stored = be32(address + COMMIT_CHECKSUM);
    if (hasChecksums()) {
      return stored == checksumWithout(checksumSeed, address, COMMIT_CHECKSUM, blockSize);
    }
    if (!checksumsCommits || pass != Pass.SCAN) {
      return true;
    }
    int type = HostMemory.getByte(address + COMMIT_CHECKSUM_TYPE);
    int size = HostMemory.getByte(address + COMMIT_CHECKSUM_SIZE);
    boolean unused = type == 0 && size == 0 && stored == 0;
    boolean right = type == JBD2_CRC32_CHKSUM && size == 4 && stored == transactionChecksum;
    transactionChecksum = -1;
    return unused || right;
  }

  private boolean isTailRight(long address) {
    int tail = blockSize - 4;
    return !hasChecksums()
        || be32(address + tail) == Crc.crc32cZeroes(Crc.crc32c(checksumSeed, address, tail), 4);
  }

  private int tagBytes() {
    if ((incompat & FEATURE_INCOMPAT_CSUM_V3) != 0) {
      return 16;
    }
    int bytes = (incompat & FEATURE_INCOMPAT_CSUM_V2) != 0 ? 14 : 12;
    return (incompat & FEATURE_INCOMPAT_64BIT) != 0 ? bytes : bytes - 4;
  }

  /** Goes through the tags of a descriptor; the log block behind the last of its data. */
  private long descriptor(Pass pass, long address, long firstData, int sequence)
      throws MountException {
    boolean v3 = (incompat & FEATURE_INCOMPAT_CSUM_V3) != 0;
    int end = blockSize - (hasChecksums() ? 4 : 0);
    long at = firstData;
    int offset = HEADER_SIZE;
    boolean sums = checksumsCommits && pass == Pass.SCAN;
    if (sums) {
      transactionChecksum = Crc.crc32Be(transactionChecksum, address, blockSize);
    }
    while (offset + tagBytes() <= end) {
      long tag = address + offset;
      int flags = v3 ? be32(tag + 4) : be16(tag + 6);
      if (pass == Pass.REPLAY) {
        long high = (incompat & FEATURE_INCOMPAT_64BIT) != 0 ? be32(tag + 8) & 0xffff_ffffL : 0;
        long target = high << 32 | be32(tag) & 0xffff_ffffL;
        int checksum = v3 ? be32(tag + 12) : be16(tag + 4);
        replay(at, target, flags, checksum, sequence);
      }
      if (sums) {
        BufferHead data = read(at);
        transactionChecksum = Crc.crc32Be(transactionChecksum, data.address, blockSize);
        Buffers.brelse(data);
      }
      at = next(at);
      offset += tagBytes() + ((flags & JBD2_FLAG_SAME_UUID) != 0 ? 0 : 16);
      if ((flags & JBD2_FLAG_LAST_TAG) != 0) {
        break;
      }
    }
    return at;
  }

  private void replay(long logBlock, long target, int flags, int checksum, int sequence)
      throws MountException {
    Integer last = revoked.get(target);
    if (last != null && last - sequence >= 0) {
      return;
    }
    if (target < 0 || target >= fileSystemBlocks) {
      throw broken("the journal has data for block " + target);
    }
    BufferHead from = read(logBlock);
    BufferHead to = null;
    try {
      if (hasChecksums() && !isDataRight(from.address, checksum, sequence)) {
        throw broken("wrong checksum of journal data for block " + target);
      }
      to = Buffers.bdevGetblk(device, target, blockSize);
      if (to == null) {
        throw new MountException(Errno.ENOMEM, "jbd2: out of memory");
      }
      to.lock();
      HostMemory.copy(from.address, to.address, blockSize);
      if ((flags & JBD2_FLAG_ESCAPE) != 0) {
        putBe32(to.address, JBD2_MAGIC_NUMBER);
      }
      to.setUptodate();
      to.unlock();
      Buffers.markBufferDirty(to);
      replayed++;
    } finally {
      Buffers.brelse(from);
      Buffers.brelse(to);
    }
  }

  private boolean isDataRight(long data, int stored, int sequence) {
    int crc = Crc.crc32c(checksumSeed, Integer.reverseBytes(sequence));
    crc = Crc.crc32c(crc, data, blockSize);
    boolean v3 = (incompat & FEATURE_INCOMPAT_CSUM_V3) != 0;
    return v3 ? crc == stored : (crc & 0xffff) == stored;
  }

  @Traced("scan_revoke_records")
  private void revoke(long address, int sequence) throws MountException {
    int end = be32(address + R_COUNT);
    if (!isTailRight(address) || end > blockSize || end < REVOKE_HEADER_SIZE) {
      throw broken("bad revoke block in the journal");
    }
    boolean wide = (incompat & FEATURE_INCOMPAT_64BIT) != 0;
    int step = wide ? 8 : 4;
    for (int offset = REVOKE_HEADER_SIZE; offset + step <= end; offset += step) {
      long high = wide ? be32(address + offset) & 0xffff_ffffL : 0;
      long low = be32(address + offset + step - 4) & 0xffff_ffffL;
      revoked.merge(high << 32 | low, sequence, (a, b) -> a - b > 0 ? a : b);
    }
  }
}
