package dev.svc0.runtime.trace.event;

import static dev.svc0.annotation.Tracepoint.Show.DEVICE;
import static dev.svc0.annotation.Tracepoint.Show.RESULT;
import static dev.svc0.annotation.Tracepoint.Show.RWBS;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Cause;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/** The block layer. */
@TracepointSet(system = "block", type = "BlockTrace", layer = Traced.Layer.BLOCK)
interface BlockEvents {
  @Tracepoint(value = "block_bio_queue", doc = "A bio enters the block layer.")
  void blockBioQueue(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id);

  @Tracepoint(value = "block_bio_backmerge", doc = "A bio joins the end of a request.")
  void blockBioBackmerge(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id);

  @Tracepoint(value = "block_bio_frontmerge", doc = "A bio joins the front of a request.")
  void blockBioFrontmerge(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id);

  @Tracepoint(
      value = "block_split",
      doc = "A bio is cut: this is the front part, the rest begins at new_sector.")
  void blockSplit(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id,
      int newSector);

  @Tracepoint(
      value = "block_bio_remap",
      doc = "A layered device passes a bio on to another device.")
  void blockBioRemap(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id,
      @Field(DEVICE) int oldDev);

  @Tracepoint(value = "block_bio_complete", doc = "A bio is over.")
  void blockBioComplete(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id,
      @Field(RESULT) int error);

  @Tracepoint(value = "block_getrq", doc = "A request was made for a bio.")
  void blockGetrq(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id);

  @Tracepoint(value = "block_plug", doc = "A thread begins to hold back requests.")
  void blockPlug();

  @Tracepoint(value = "block_unplug", doc = "A thread lets go of the requests that it held back.")
  void blockUnplug(int nrRq);

  @Tracepoint(value = "block_rq_insert", doc = "A request goes to the scheduler.")
  void blockRqInsert(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id);

  @Tracepoint(value = "block_rq_issue", doc = "A request goes to the driver.")
  void blockRqIssue(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id);

  @Tracepoint(value = "block_rq_complete", doc = "The driver is done with a request.")
  void blockRqComplete(
      @Cause long cause,
      @Field(DEVICE) int dev,
      @Field(RWBS) int rwbs,
      long sector,
      int nrSector,
      int bytes,
      long lastOp,
      int id,
      @Field(RESULT) int error);

  @Tracepoint(
      value = "block_flush_step",
      doc =
          "A request with flushes begins a step: 1 flush before, 2 data, 4 flush after, 8 done. The kernel has no such point.")
  void blockFlushStep(
      @Cause long cause,
      @Field(DEVICE) int dev,
      long sector,
      int bytes,
      int step,
      @Field(RESULT) int error);

  @Tracepoint(value = "block_touch_buffer", doc = "A buffer was looked up or read.")
  void blockTouchBuffer(@Field(DEVICE) int dev, long sector, int size);

  @Tracepoint(value = "block_dirty_buffer", doc = "A buffer becomes dirty.")
  void blockDirtyBuffer(@Field(DEVICE) int dev, long sector, int size);
}
