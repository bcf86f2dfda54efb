package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Crc;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.MountException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One recovery of a log: finds its end, the blocks that must not be replayed, and replays the rest.
 * <i>Linux:</i> fs/jbd2/recovery.c.
 */
@Traced(layer = Traced.Layer.JOURNAL)
public final class JournalRecovery {
  private enum Pass {
    SCAN,
    REVOKE,
    REPLAY
  }

  private final BlockDevice logDevice;
  private final BlockDevice device;
  private final int blockSize;
  private final LongUnaryOperator bmap;
  private final long fileSystemBlocks;
  private final FastCommitReplay.@Nullable Opener fastCommits;
  private final @Nullable LogSuperBlock given;

  /** Blocks that must not be replayed, and up to which transaction. */
  private final Map<Long, Integer> revoked = new HashMap<>();

  private LogFormat format;
  private long first;
  private long end;

  /** Over what was scanned since the last commit, where commits have a checksum. */
  private int transactionChecksum;

  private long lastCommitSeconds;
  private boolean needCheckCommitTime;
  private int endTransaction;
  private boolean failedCommit;
  private long replayed;
  private @Nullable MountException replayError;

  JournalRecovery(Journal journal, LogSuperBlock superBlock) {
    logDevice = journal.logDevice;
    device = journal.device;
    blockSize = journal.blockSize;
    bmap = journal.bmap;
    fileSystemBlocks = journal.fileSystemBlocks;
    given = superBlock;
    format = superBlock.format();
    fastCommits = null;
  }

  /**
   * For the log of a file system that is not going to be written otherwise.
   *
   * @param bmap from a block of the log to one of the device; 0 or −errno when there is none
   * @param fileSystemBlocks blocks of the file system: nothing is written beyond
   * @param fastCommits carries fast commits out
   */
  public JournalRecovery(
      BlockDevice device,
      int blockSize,
      LongUnaryOperator bmap,
      long fileSystemBlocks,
      FastCommitReplay.Opener fastCommits) {
    logDevice = device;
    this.device = device;
    this.blockSize = blockSize;
    this.bmap =
        logBlock -> {
          long block = bmap.applyAsLong(logBlock);
          return block < fileSystemBlocks ? block : 0;
        };
    this.fileSystemBlocks = fileSystemBlocks;
    format = new LogFormat(blockSize, 0, 0, 0);
    this.fastCommits = fastCommits;
    given = null;
  }

  /** Blocks that were brought to their place. */
  public long replayedBlocks() {
    return replayed;
  }

  /** The transaction that the next commit is. */
  int nextSequence() {
    return endTransaction + 1;
  }

  /** Brings everything that was committed to its place and says that the log is empty. */
  @Traced("jbd2_journal_recover")
  public void recover() throws MountException {
    LogSuperBlock superBlock = given;
    if (superBlock != null) {
      recover(superBlock);
      return;
    }
    superBlock = LogSuperBlock.load(device, blockSize, fileSystemBlocks, bmap);
    try {
      recover(superBlock);
    } finally {
      superBlock.release();
    }
  }

  /**
   * Only finds the end of the log, so that what is written next cannot be taken for a part of it.
   */
  @Traced("jbd2_journal_skip_recovery")
  void skip(LogSuperBlock superBlock) throws MountException {
    first = superBlock.first();
    end = superBlock.end();
    endTransaction = superBlock.sequence() - 1;
    if (superBlock.start() < first || superBlock.start() >= end) {
      return;
    }
    long control = HostMemory.reserve(4096);
    try (LogReader reader = new LogReader(logDevice, blockSize, bmap, superBlock.maxLength())) {
      doOnePass(Pass.SCAN, superBlock.start(), superBlock.sequence(), reader, control);
    } finally {
      HostMemory.release(control, 4096);
    }
  }

  private void recover(LogSuperBlock superBlock) throws MountException {
    format = superBlock.format();
    first = superBlock.first();
    end = superBlock.end();
    long start = superBlock.start();
    int sequence = superBlock.sequence();
    endTransaction = sequence - 1;
    if (start != 0) {
      if (start < first || start >= end) {
        throw LogSuperBlock.broken("s_start is " + start);
      }
      passes(superBlock, start, sequence);
      sequence = endTransaction + 1;
    }
    if (superBlock.markEmpty(sequence) != 0) {
      throw writeError();
    }
  }

  private void passes(LogSuperBlock superBlock, long start, int sequence) throws MountException {
    // What somebody wrote to the device through its page cache must be there to be read.
    Filemap.filemapWriteAndWaitRange(logDevice.mapping(), 0, Long.MAX_VALUE);
    long control = HostMemory.reserve(4096);
    try (LogReader reader = new LogReader(logDevice, blockSize, bmap, superBlock.maxLength())) {
      doOnePass(Pass.SCAN, start, sequence, reader, control);
      FastCommitLog fast = null;
      if (format.fastCommits) {
        long firstFast = superBlock.firstFastCommitBlock();
        fast =
            new FastCommitLog(reader, firstFast, superBlock.maxLength(), blockSize, endTransaction);
        fast.scan();
      }
      doOnePass(Pass.REVOKE, start, sequence, reader, control);
      doOnePass(Pass.REPLAY, start, sequence, reader, control);
      if (fast != null) {
        replayFastCommits(fast);
      }
    } finally {
      HostMemory.release(control, 4096);
    }
    sync();
    if (replayError != null) {
      throw replayError;
    }
    if (failedCommit) {
      throw LogSuperBlock.broken("transaction " + endTransaction + " in the journal is corrupt");
    }
  }

  private void replayFastCommits(FastCommitLog fast) throws MountException {
    if (!fast.hasAny() || replayError != null) {
      return;
    }
    sync(); // what was replayed is right in any case
    FastCommitReplay.Opener opener = fastCommits;
    if (opener == null) {
      throw new MountException(Errno.EINVAL, "jbd2: the journal has fast commits: run e2fsck -p");
    }
    try (FastCommitReplay replay = opener.open()) {
      fast.replay(replay);
    }
  }

  private MountException writeError() {
    return new MountException(Errno.EIO, "jbd2: writing to " + device.name() + " failed");
  }

  private void sync() throws MountException {
    if (Filemap.filemapWriteAndWaitRange(device.mapping(), 0, Long.MAX_VALUE) != 0
        || BlockCore.blkdevIssueFlush(device) != 0) {
      throw writeError();
    }
  }

  private long next(long logBlock) {
    return logBlock + 1 >= end ? first : logBlock + 1;
  }

  /** Follows the log from its start; the scan finds where it ends. */
  @Traced("do_one_pass")
  private void doOnePass(Pass pass, long start, int startSequence, LogReader log, long control)
      throws MountException {
    long at = start;
    int sequence = startSequence;
    transactionChecksum = -1;
    for (long left = end; left > 0; left--) {
      if (pass != Pass.SCAN && sequence == endTransaction) {
        return;
      }
      HostMemory.copy(log.read(at), control, blockSize);
      at = next(at);
      if (BigEndian.get32(control + H_MAGIC) != JBD2_MAGIC_NUMBER
          || BigEndian.get32(control + H_SEQUENCE) != sequence) {
        break;
      }
      int type = BigEndian.get32(control + H_BLOCKTYPE);
      if (type == JBD2_DESCRIPTOR_BLOCK) {
        checkTail(pass, control, sequence);
        at = descriptor(pass, control, at, sequence, log);
      } else if (type == JBD2_COMMIT_BLOCK) {
        if (pass == Pass.SCAN && !scanCommit(control, sequence)) {
          break;
        }
        sequence++;
      } else if (type == JBD2_REVOKE_BLOCK) {
        checkTail(pass, control, sequence);
        if (pass == Pass.REVOKE) {
          scanRevokeRecords(control, sequence);
        }
      } else {
        break;
      }
    }
    if (pass == Pass.SCAN) {
      endTransaction = sequence;
    } else if (sequence != endTransaction) {
      throw LogSuperBlock.broken(
          "the log ends at transaction " + sequence + ", not " + endTransaction);
    }
  }

  /** A block with a wrong checksum may be of an older log: the time of its commit will tell. */
  private void checkTail(Pass pass, long control, int sequence) throws MountException {
    if (format.isTailRight(control)) {
      return;
    }
    if (pass != Pass.SCAN) {
      throw LogSuperBlock.broken("wrong checksum in transaction " + sequence + " of the journal");
    }
    needCheckCommitTime = true;
  }

  /** Judges a commit block; false: the log ends before it. */
  private boolean scanCommit(long control, int sequence) throws MountException {
    long seconds = BigEndian.getU32(control + COMMIT_SEC) << 32;
    seconds |= BigEndian.getU32(control + COMMIT_SEC + 4);
    if (needCheckCommitTime) {
      if (seconds >= lastCommitSeconds) {
        throw LogSuperBlock.broken("wrong checksum in transaction " + sequence + " of the journal");
      }
      return false; // left from before: this is the end
    }
    if (!isCommitRight(control)) {
      failedCommit = seconds >= lastCommitSeconds;
      return false;
    }
    lastCommitSeconds = seconds;
    transactionChecksum = -1;
    return true;
  }

  private boolean isCommitRight(long control) {
    int stored = BigEndian.get32(control + COMMIT_CHECKSUM);
    if (format.checksums) {
      return stored == format.commitChecksum(control)
          || stored == format.commitHeaderChecksum(control);
    }
    if (!format.commitChecksums) {
      return true;
    }
    int type = HostMemory.getByte(control + COMMIT_CHECKSUM_TYPE);
    int size = HostMemory.getByte(control + COMMIT_CHECKSUM_SIZE);
    boolean unused = type == 0 && size == 0 && stored == 0;
    return unused || type == JBD2_CRC32_CHKSUM && size == 4 && stored == transactionChecksum;
  }

  /** Goes through the tags of a descriptor; the log block behind the last of its data. */
  private long descriptor(Pass pass, long control, long firstData, int sequence, LogReader log)
      throws MountException {
    int last = blockSize - format.tailBytes();
    long at = firstData;
    int offset = HEADER_SIZE;
    boolean sums = format.commitChecksums && pass == Pass.SCAN && !needCheckCommitTime;
    if (sums) {
      transactionChecksum = Crc.crc32Be(transactionChecksum, control, blockSize);
    }
    while (offset + format.tagBytes() <= last) {
      long tag = control + offset;
      int flags = format.tagFlags(tag);
      if (pass == Pass.REPLAY) {
        replay(log, at, tag, sequence);
      }
      if (sums) {
        transactionChecksum = Crc.crc32Be(transactionChecksum, log.read(at), blockSize);
      }
      at = next(at);
      offset += format.tagBytes() + ((flags & JBD2_FLAG_SAME_UUID) != 0 ? 0 : 16);
      if ((flags & JBD2_FLAG_LAST_TAG) != 0) {
        break;
      }
    }
    return at;
  }

  /** One block; what goes wrong is remembered, and the others are brought to their place. */
  private void replay(LogReader log, long logBlock, long tag, int sequence) {
    long target = format.tagBlock(tag);
    Integer last = revoked.get(target);
    if (last != null && last - sequence >= 0) {
      return;
    }
    try {
      if (target < 0 || target >= fileSystemBlocks) {
        throw LogSuperBlock.broken("the journal has data for block " + target);
      }
      long data = log.read(logBlock);
      if (!format.isTagRight(tag, data, sequence)) {
        throw LogSuperBlock.broken("wrong checksum of journal data for block " + target);
      }
      put(target, data, (format.tagFlags(tag) & JBD2_FLAG_ESCAPE) != 0);
    } catch (MountException e) {
      replayError = replayError == null ? e : replayError;
    }
  }

  private void put(long target, long data, boolean escaped) throws MountException {
    BufferHead buffer = Buffers.bdevGetblk(device, target, blockSize);
    if (buffer == null) {
      throw new MountException(Errno.ENOMEM, "jbd2: out of memory");
    }
    buffer.lock();
    HostMemory.copy(data, buffer.address, blockSize);
    if (escaped) {
      BigEndian.put32(buffer.address, JBD2_MAGIC_NUMBER);
    }
    buffer.setUptodate();
    buffer.unlock();
    Buffers.markBufferDirty(buffer);
    Buffers.brelse(buffer);
    replayed++;
  }

  @Traced("scan_revoke_records")
  private void scanRevokeRecords(long control, int sequence) throws MountException {
    long used = BigEndian.getU32(control + R_COUNT);
    if (used > blockSize - format.tailBytes() || used < REVOKE_HEADER_SIZE) {
      throw LogSuperBlock.broken("bad revoke block in transaction " + sequence);
    }
    int step = format.revokeRecordBytes();
    for (int offset = REVOKE_HEADER_SIZE; offset + step <= used; offset += step) {
      long high = format.wide ? BigEndian.getU32(control + offset) : 0;
      long low = BigEndian.getU32(control + offset + step - 4);
      revoked.merge(high << 32 | low, sequence, (a, b) -> a - b > 0 ? a : b);
    }
  }
}
