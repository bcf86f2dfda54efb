package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Crc;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.BufferIo;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.vfs.MountException;
import java.util.Objects;
import java.util.function.LongUnaryOperator;

/**
 * The superblock of a log: its size, features, where it begins, and the last error. <i>Linux:</i>
 * {@code journal_superblock_t}. Writers hold its monitor.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class LogSuperBlock {
  private static final int INCOMPAT_SUPPORTED =
      FEATURE_INCOMPAT_REVOKE
          | FEATURE_INCOMPAT_64BIT
          | FEATURE_INCOMPAT_ASYNC_COMMIT
          | FEATURE_INCOMPAT_CSUM_V2
          | FEATURE_INCOMPAT_CSUM_V3
          | FEATURE_INCOMPAT_FAST_COMMIT;

  private final BufferHead buffer;
  private final long at;
  private final int blockSize;

  /** Whether commits and this block are separated from others by cache flushes. */
  volatile boolean barriers = true;

  /** For a block that was read and is valid; {@link #release} gives it back. */
  private LogSuperBlock(BufferHead buffer, int blockSize) {
    this.buffer = buffer;
    this.at = buffer.address;
    this.blockSize = blockSize;
  }

  static MountException broken(String message) {
    return new MountException(Errno.EUCLEAN, "jbd2: " + message + ": run e2fsck");
  }

  /** Reads and checks block 0 of a log. */
  @Traced("journal_load_superblock")
  static LogSuperBlock load(
      BlockDevice device, int blockSize, long journalBlocks, LongUnaryOperator bmap)
      throws MountException {
    long block = bmap.applyAsLong(0);
    if (block <= 0) {
      throw broken("block 0 of the journal has no place");
    }
    BufferHead buffer = Buffers.bread(device, block, blockSize);
    if (buffer == null) {
      throw new MountException(Errno.EIO, "jbd2: cannot read block " + block + " of the journal");
    }
    LogSuperBlock superBlock = new LogSuperBlock(buffer, blockSize);
    try {
      superBlock.check(journalBlocks);
    } catch (MountException e) {
      superBlock.release();
      throw e;
    }
    return superBlock;
  }

  void release() {
    Buffers.brelse(buffer);
  }

  private int get(int field) {
    return BigEndian.get32(at + field);
  }

  private long getU32(int field) {
    return BigEndian.getU32(at + field);
  }

  private void put(int field, int value) {
    BigEndian.put32(at + field, value);
  }

  private boolean isOld() {
    return get(H_BLOCKTYPE) == JBD2_SUPERBLOCK_V1;
  }

  @Traced("journal_get_superblock")
  private void check(long journalBlocks) throws MountException {
    int type = get(H_BLOCKTYPE);
    if (get(H_MAGIC) != JBD2_MAGIC_NUMBER
        || type != JBD2_SUPERBLOCK_V1 && type != JBD2_SUPERBLOCK_V2) {
      throw broken("no journal superblock in block " + buffer.blockNumber);
    }
    if (get(S_BLOCKSIZE) != blockSize) {
      throw broken("s_blocksize is " + getU32(S_BLOCKSIZE) + ", not " + blockSize);
    }
    if (maxLength() > journalBlocks) {
      throw broken("s_maxlen is " + maxLength() + ", but the journal has " + journalBlocks);
    }
    if (first() < 1 || first() >= maxLength()) {
      throw broken("s_first is " + first() + " and s_maxlen " + maxLength());
    }
    int unknown = incompat() & ~INCOMPAT_SUPPORTED;
    if (unknown != 0) {
      throw new MountException(
          Errno.EINVAL,
          "jbd2: the journal has features that are not known here (0x%x): run e2fsck -p"
              .formatted(unknown));
    }
    boolean both = FEATURE_INCOMPAT_CSUM_V2 + FEATURE_INCOMPAT_CSUM_V3 == checksumBits();
    if (both || checksumBits() != 0 && (compat() & FEATURE_COMPAT_CHECKSUM) != 0) {
      throw broken("the journal says that it has two kinds of checksums");
    }
    if (checksumBits() != 0) {
      checkChecksum();
    }
    if (fastCommitBlocks() + first() >= maxLength()) {
      throw broken("s_num_fc_blks is " + getU32(S_NUM_FC_BLKS) + " of " + maxLength());
    }
  }

  private void checkChecksum() throws MountException {
    int kind = Byte.toUnsignedInt(HostMemory.getByte(at + S_CHECKSUM_TYPE));
    if (kind != JBD2_CRC32C_CHKSUM) {
      throw broken("s_checksum_type is " + kind);
    }
    if (get(S_CHECKSUM) != checksum()) {
      throw broken("s_checksum of the journal superblock is wrong");
    }
  }

  private int checksumBits() {
    return incompat() & (FEATURE_INCOMPAT_CSUM_V2 | FEATURE_INCOMPAT_CSUM_V3);
  }

  private int checksum() {
    return LogFormat.checksumWithout(Crc.CRC32C_START, at, S_CHECKSUM, SUPERBLOCK_SIZE);
  }

  int compat() {
    return isOld() ? 0 : get(S_FEATURE_COMPAT);
  }

  int incompat() {
    return isOld() ? 0 : get(S_FEATURE_INCOMPAT);
  }

  long maxLength() {
    return getU32(S_MAXLEN);
  }

  long first() {
    return getU32(S_FIRST);
  }

  /** First block of the first transaction; 0 when the log is empty. */
  long start() {
    return getU32(S_START);
  }

  int sequence() {
    return get(S_SEQUENCE);
  }

  int errno() {
    return get(S_ERRNO);
  }

  /** Blocks at the end that are for fast commits. */
  long fastCommitBlocks() {
    if ((incompat() & FEATURE_INCOMPAT_FAST_COMMIT) == 0) {
      return 0;
    }
    long blocks = getU32(S_NUM_FC_BLKS);
    return blocks == 0 ? JBD2_DEFAULT_FAST_COMMIT_BLOCKS : blocks;
  }

  /** Where fast commits begin: the block in front of them stays unused. */
  long firstFastCommitBlock() {
    return end() + 1;
  }

  /** First block behind those that commits use. */
  long end() {
    return maxLength() - fastCommitBlocks();
  }

  LogFormat format() {
    int seed = Crc.crc32c(Crc.CRC32C_START, at + S_UUID, 16);
    return new LogFormat(blockSize, compat(), incompat(), seed);
  }

  /** Changes features, in memory; the next write of the superblock takes them along. */
  synchronized boolean setFeatures(int compat, int incompat) {
    if (isOld()) {
      return compat == 0 && incompat == 0;
    }
    if ((incompat & ~INCOMPAT_SUPPORTED) != 0) {
      return false;
    }
    int sums = incompat & (FEATURE_INCOMPAT_CSUM_V2 | FEATURE_INCOMPAT_CSUM_V3);
    if (sums != 0) {
      // One kind of checksum takes the place of the others.
      put(S_FEATURE_COMPAT, get(S_FEATURE_COMPAT) & ~FEATURE_COMPAT_CHECKSUM);
      put(S_FEATURE_INCOMPAT, get(S_FEATURE_INCOMPAT) & ~checksumBits());
      HostMemory.putByte(at + S_CHECKSUM_TYPE, (byte) JBD2_CRC32C_CHKSUM);
    }
    put(S_FEATURE_COMPAT, get(S_FEATURE_COMPAT) | compat);
    put(S_FEATURE_INCOMPAT, get(S_FEATURE_INCOMPAT) | incompat);
    return true;
  }

  synchronized void clearFeatures(int compat, int incompat) {
    if (!isOld()) {
      put(S_FEATURE_COMPAT, get(S_FEATURE_COMPAT) & ~compat);
      put(S_FEATURE_INCOMPAT, get(S_FEATURE_INCOMPAT) & ~incompat);
    }
  }

  /** Says where the log begins. 0 or −EIO. */
  @Traced("jbd2_journal_update_sb_log_tail")
  synchronized long updateLogTail(int tid, long block, int flags) {
    put(S_SEQUENCE, tid);
    put(S_START, (int) block);
    return write(flags);
  }

  /** Says that the log is empty. 0 or −EIO. */
  @Traced("jbd2_mark_journal_empty")
  synchronized long markEmpty(int tid) {
    if (get(S_START) == 0 && get(S_SEQUENCE) == tid) {
      return 0;
    }
    put(S_SEQUENCE, tid);
    put(S_START, 0);
    return write(ReqOp.PREFLUSH | ReqOp.FUA);
  }

  /** Records an error, negative, or 0. 0 or −EIO. */
  @Traced("jbd2_journal_update_sb_errno")
  synchronized long updateErrno(int errno) {
    put(S_ERRNO, errno);
    return write(ReqOp.PREFLUSH | ReqOp.FUA);
  }

  @Traced("jbd2_write_superblock")
  private long write(int flags) {
    if (Jbd2Trace.jbd2WriteSuperblockOn()) {
      AddressSpace of = Objects.requireNonNull(buffer.folio.mapping);
      Jbd2Trace.jbd2WriteSuperblock(of.host().traceDevice(), flags);
    }
    if (checksumBits() != 0) {
      put(S_CHECKSUM, checksum());
    }
    int order = barriers ? flags : flags & ~(ReqOp.PREFLUSH | ReqOp.FUA);
    buffer.setUptodate();
    buffer.testAndSetDirty();
    long error = BufferIo.syncDirtyBuffer(buffer, ReqOp.SYNC | ReqOp.META | ReqOp.PRIO | order);
    if (error != 0) {
      buffer.setUptodate(); // what memory holds is right, whatever the disk has
    }
    return error;
  }
}
