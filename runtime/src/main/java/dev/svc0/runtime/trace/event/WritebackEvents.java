package dev.svc0.runtime.trace.event;

import static dev.svc0.annotation.Tracepoint.Show.DEVICE;
import static dev.svc0.annotation.Tracepoint.Show.HEX;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Cause;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/** Dirty pages and their way to the disk. */
@TracepointSet(system = "writeback", type = "WritebackTrace", layer = Traced.Layer.PAGECACHE)
interface WritebackEvents {
  @Tracepoint(value = "writeback_dirty_folio", doc = "A clean folio becomes dirty.")
  void writebackDirtyFolio(@Field(DEVICE) int dev, long ino, long index);

  @Tracepoint(
      value = "writeback_folio_start",
      doc =
          "A folio goes to its file system to be written: first cause, last cause, and how often it was written meanwhile. The kernel has no such point.")
  void writebackFolioStart(
      @Cause long cause, @Field(DEVICE) int dev, long ino, long index, long lastOp, int overwrites);

  @Tracepoint(
      value = "writeback_folio_end",
      doc = "A folio was written. The kernel has no such point.")
  void writebackFolioEnd(@Cause long cause, @Field(DEVICE) int dev, long ino, long index);

  @Tracepoint(value = "folio_wait_writeback", doc = "A thread waits for a folio to be written.")
  void folioWaitWriteback(@Field(DEVICE) int dev, long ino, long index);

  @Tracepoint(value = "writeback_mark_inode_dirty", doc = "An inode becomes dirty.")
  void writebackMarkInodeDirty(
      @Field(DEVICE) int dev, long ino, @Field(HEX) int state, @Field(HEX) int flags);

  @Tracepoint(value = "writeback_single_inode_start", doc = "An inode begins to be written back.")
  void writebackSingleInodeStart(
      @Field(DEVICE) int dev, long ino, @Field(HEX) int state, long nrToWrite);

  @Tracepoint(value = "writeback_single_inode", doc = "An inode was written back.")
  void writebackSingleInode(@Field(DEVICE) int dev, long ino, @Field(HEX) int state, long wrote);

  @Tracepoint(value = "writeback_start", doc = "The flusher begins a round.")
  void writebackStart(@Field(DEVICE) int dev, long nrPages, int syncMode);

  @Tracepoint(value = "writeback_written", doc = "The flusher ends a round.")
  void writebackWritten(@Field(DEVICE) int dev, long nrPages, int syncMode);

  @Tracepoint(value = "balance_dirty_pages", doc = "A thread that dirties pages is held up.")
  void balanceDirtyPages(@Field(DEVICE) int dev, long limit, long dirty, long pause);
}
