package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.jbd2.JournalHead.Kind;
import dev.svc0.runtime.mm.HostMemory;
import org.jspecify.annotations.Nullable;

/**
 * Writes the revoke records, descriptors and buffers of one transaction to the log. A descriptor
 * and the blocks it names are gathered and submitted together.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class TransactionBlocks {
  private static final int UUID_BYTES = 16;

  private final Journal journal;
  private final LogWriter log;
  private final Transaction transaction;
  private final LogFormat format;
  private final int tagBytes;
  private final long[] addresses;
  private final long[] blocks;
  private final long[] operations;
  private final LongStack own = new LongStack();
  private int gathered;
  private int offset;
  private long lastTag;
  private int checksum = -1;

  /**
   * For one commit.
   *
   * @param tagBytes bytes of a tag in the log's format
   */
  TransactionBlocks(Journal journal, LogWriter log, Transaction transaction, int tagBytes) {
    this.journal = journal;
    this.log = log;
    this.transaction = transaction;
    format = journal.format;
    this.tagBytes = tagBytes;
    int most = format.tagsPerBlock + 2;
    addresses = new long[most];
    blocks = new long[most];
    operations = new long[most];
  }

  /** The checksum of version 1 over everything that was written. */
  int commitChecksum() {
    return checksum;
  }

  /** Gives the memory of the log's own blocks back, after they were written. */
  void release() {
    while (!own.isEmpty()) {
      journal.memory.free(own.pop());
    }
  }

  private long newBlock(int type) {
    long address = log.newDescriptor(type, transaction.tid);
    own.push(address);
    return address;
  }

  /** Writes which blocks recovery must not touch. */
  @Traced("jbd2_journal_write_revoke_records")
  void writeRevokeRecords() {
    journal.lock.lock();
    long[] revoked;
    try {
      revoked = journal.revokes.takeCommitting();
    } finally {
      journal.lock.unlock();
    }
    int perBlock = format.revokeRecordsPerBlock();
    for (int from = 0; from < revoked.length && !journal.isAborted(); from += perBlock) {
      writeRevokeBlock(revoked, from, Math.min(from + perBlock, revoked.length));
    }
  }

  private void writeRevokeBlock(long[] revoked, int from, int to) {
    long address = newBlock(JBD2_REVOKE_BLOCK);
    long block = log.descriptorBlock();
    if (block < 0) {
      journal.abort((int) block);
      return;
    }
    int at = REVOKE_HEADER_SIZE;
    for (int i = from; i < to; i++) {
      if (format.wide) {
        BigEndian.put64(address + at, revoked[i]);
      } else {
        BigEndian.put32(address + at, (int) revoked[i]);
      }
      at += format.revokeRecordBytes();
    }
    BigEndian.put32(address + R_COUNT, at);
    format.setTail(address);
    log.submit(address, block, 0, transaction.lastOperation, 0);
  }

  /** Writes all buffers that the transaction changed. */
  void writeBuffers() {
    while (true) {
      JournalHead head = nextBuffer();
      if (head == null) {
        submitGathered();
        return;
      }
      if (gathered == 0 && !beginDescriptor()) {
        continue;
      }
      long block = log.nextLogBlock();
      if (block < 0) {
        journal.abort((int) block);
        continue;
      }
      add(head, block);
      if (offset + tagBytes + UUID_BYTES > journal.blockSize - format.tailBytes()
          || gathered == addresses.length) {
        submitGathered();
      }
    }
  }

  /** The next buffer for the log; those of an aborted journal are let go. */
  private @Nullable JournalHead nextBuffer() {
    journal.lock.lock();
    try {
      JournalHead head = transaction.buffers.first();
      while (head != null && journal.isAborted()) {
        boolean unused = head.testAndClearJbdDirty();
        BufferTriggers triggers = head.triggers;
        if (triggers != null) {
          triggers.abort(head.buffer);
        }
        if (journal.filing.refileBuffer(head)) {
          journal.filing.putJournalHead(head);
        }
        head = transaction.buffers.first();
      }
      return head;
    } finally {
      journal.lock.unlock();
    }
  }

  private boolean beginDescriptor() {
    long address = newBlock(JBD2_DESCRIPTOR_BLOCK);
    long block = log.descriptorBlock();
    if (block < 0) {
      journal.abort((int) block);
      return false;
    }
    addresses[0] = address;
    blocks[0] = block;
    operations[0] = transaction.lastOperation;
    gathered = 1;
    offset = HEADER_SIZE;
    return true;
  }

  private void add(JournalHead head, long block) {
    boolean first = offset == HEADER_SIZE;
    journal.lock.lock();
    long data;
    boolean escaped;
    try {
      escaped = writeMetadataBuffer(head);
      data = logged;
      operations[gathered] = head.firstOperation;
    } finally {
      journal.lock.unlock();
    }
    int flags = (escaped ? JBD2_FLAG_ESCAPE : 0) | (first ? 0 : JBD2_FLAG_SAME_UUID);
    lastTag = addresses[0] + offset;
    format.putTag(lastTag, head.buffer.blockNumber, flags, data, transaction.tid);
    offset += tagBytes;
    if (first) {
      offset += UUID_BYTES; // of the journal, as zeroes: there is only one file system in it
    }
    addresses[gathered] = data;
    blocks[gathered] = block;
    gathered++;
  }

  /**
   * Host address of what goes to the log for the newest buffer: its own content, or the frozen
   * copy.
   */
  private long logged;

  /**
   * Chooses what goes to the log for a buffer, which is in the log's shadow from now on; whether it
   * is escaped.
   */
  @Traced("jbd2_journal_write_metadata_buffer")
  private boolean writeMetadataBuffer(JournalHead head) {
    long data = head.frozenData;
    if (data == 0) {
      data = head.buffer.address;
      BufferAccess.bufferFrozenTrigger(head, data);
    }
    boolean escaped = BigEndian.get32(data) == JBD2_MAGIC_NUMBER;
    if (escaped) {
      if (head.frozenData == 0) {
        head.frozenData = journal.memory.allocate();
        HostMemory.copy(data, head.frozenData, journal.blockSize);
        data = head.frozenData;
      }
      HostMemory.putInt(data, 0);
    }
    journal.filing.fileBuffer(head, transaction, Kind.SHADOW);
    logged = data;
    return escaped;
  }

  /** Lets the descriptor and its blocks go. */
  private void submitGathered() {
    if (gathered == 0) {
      return;
    }
    if (gathered == 1) {
      gathered = 0; // the journal was aborted before the first block
      return;
    }
    format.addTagFlag(lastTag, JBD2_FLAG_LAST_TAG);
    format.setTail(addresses[0]);
    for (int i = 0; i < gathered; i++) {
      if (format.commitChecksums) {
        checksum = Crc.crc32Be(checksum, addresses[i], journal.blockSize);
      }
      log.submit(addresses[i], blocks[i], 0, operations[i], 0);
    }
    transaction.loggedBlocks += gathered;
    gathered = 0;
  }
}
