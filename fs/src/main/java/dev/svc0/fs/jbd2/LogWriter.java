package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.sched.ThreadState;

/**
 * Writes blocks of the log, and waits for them. Used by the commit thread alone; the monitor
 * protects what completions touch.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class LogWriter {
  private final Journal journal;
  private long descriptorBlock;

  /** Its host address. */
  private long descriptor;

  private int underWay;
  private long error;

  LogWriter(Journal journal) {
    this.journal = journal;
  }

  /** The device block of the next block of the log, which is used from now on; or −errno. */
  @Traced("jbd2_journal_next_log_block")
  long nextLogBlock() {
    journal.lock.lock();
    long logBlock;
    try {
      if (journal.free <= 1) {
        throw new IllegalStateException("a transaction is larger than its credits: log is full");
      }
      logBlock = journal.head++;
      journal.free--;
      if (journal.head == journal.end) {
        journal.head = journal.first;
      }
      Transaction now = journal.committing;
      if (now != null && now.outstandingCredits > 0) {
        now.outstandingCredits--;
      }
    } finally {
      journal.lock.unlock();
    }
    return bmap(logBlock);
  }

  @Traced("jbd2_journal_bmap")
  private long bmap(long logBlock) {
    long block = journal.bmap.applyAsLong(logBlock);
    return block > 0 ? block : -Errno.EIO;
  }

  /** Where the newest descriptor goes: a block of the device, or −errno. */
  long descriptorBlock() {
    return descriptorBlock;
  }

  /** Host address of a new block of the log with its header, for {@link #descriptorBlock}. */
  long newDescriptor(int type, int sequence) {
    getDescriptorBuffer(type, sequence);
    return descriptor;
  }

  @Traced("jbd2_journal_get_descriptor_buffer")
  private void getDescriptorBuffer(int type, int sequence) {
    descriptorBlock = nextLogBlock();
    descriptor = journal.memory.allocateZeroed();
    BigEndian.put32(descriptor + H_MAGIC, JBD2_MAGIC_NUMBER);
    BigEndian.put32(descriptor + H_BLOCKTYPE, type);
    BigEndian.put32(descriptor + H_SEQUENCE, sequence);
  }

  /** Starts writing a block of the log, in the name of operations. */
  @Traced("submit_bh")
  void submit(long address, long block, int flags, long operation, long lastOperation) {
    submitBhWbc(address, block, flags, operation, lastOperation);
  }

  @Traced("submit_bh_wbc")
  private void submitBhWbc(
      long address, long block, int flags, long operation, long lastOperation) {
    Bio bio = new Bio(journal.logDevice, 1, ReqOp.WRITE | ReqOp.SYNC | ReqOp.META | flags);
    bio.sector = block * (journal.blockSize >>> 9);
    bio.addPage(address, journal.blockSize);
    bio.operationId = operation;
    bio.lastOperationId = lastOperation;
    bio.endIo = this::endBioBhIoSync;
    synchronized (this) {
      underWay++;
    }
    BlockCore.submitBio(bio);
  }

  @Traced("end_bio_bh_io_sync")
  private void endBioBhIoSync(Bio bio) {
    endBufferIoSync(bio);
  }

  @Traced("journal_end_buffer_io_sync")
  private synchronized void endBufferIoSync(Bio bio) {
    if (bio.status != 0 && error == 0) {
      error = bio.status;
    }
    if (--underWay == 0) {
      notifyAll();
    }
  }

  /** Waits for all that was submitted. 0 or −errno of the first that failed since the last call. */
  long await() {
    ThreadState.flushPlugBeforeSleep();
    synchronized (this) {
      while (underWay > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          // A host interrupt is a wake-up like any other.
        }
      }
      long result = error;
      error = 0;
      return result;
    }
  }
}
