package dev.svc0.runtime.block;

import dev.svc0.runtime.trace.event.BlockTrace;
import java.util.concurrent.atomic.AtomicInteger;

/** Fires the block layer's tracepoints with what they record of bios and requests. */
final class BlockPoints {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private BlockPoints() {}

  static int device(BlockDevice device) {
    return device.major() << 20 | device.minor();
  }

  /** A number for something that tracepoints tell apart: in the order in which they come. */
  static int newIdentity() {
    return NEXT.incrementAndGet();
  }

  private static int identity(Bio bio) {
    if (bio.traceId == 0) {
      bio.traceId = newIdentity();
    }
    return bio.traceId;
  }

  private static int identity(Request request) {
    return request.traceId;
  }

  static void bioQueue(Bio bio) {
    if (BlockTrace.blockBioQueueOn()) {
      BlockTrace.blockBioQueue(
          bio.operationId,
          device(bio.device),
          bio.opf,
          bio.sector,
          bio.sizeBytes >>> 9,
          bio.sizeBytes,
          bio.lastOperationId,
          identity(bio));
    }
  }

  /** A layered device passes a bio on. */
  static void bioRemap(Bio bio, BlockDevice from) {
    if (BlockTrace.blockBioRemapOn()) {
      BlockTrace.blockBioRemap(
          bio.operationId,
          device(bio.device),
          bio.opf,
          bio.sector,
          bio.sizeBytes >>> 9,
          bio.sizeBytes,
          bio.lastOperationId,
          identity(bio),
          device(from));
    }
  }

  static void bioBackMerge(Bio bio) {
    if (BlockTrace.blockBioBackmergeOn()) {
      BlockTrace.blockBioBackmerge(
          bio.operationId,
          device(bio.device),
          bio.opf,
          bio.sector,
          bio.sizeBytes >>> 9,
          bio.sizeBytes,
          bio.lastOperationId,
          identity(bio));
    }
  }

  static void bioFrontMerge(Bio bio) {
    if (BlockTrace.blockBioFrontmergeOn()) {
      BlockTrace.blockBioFrontmerge(
          bio.operationId,
          device(bio.device),
          bio.opf,
          bio.sector,
          bio.sizeBytes >>> 9,
          bio.sizeBytes,
          bio.lastOperationId,
          identity(bio));
    }
  }

  static void bioComplete(Bio bio) {
    if (BlockTrace.blockBioCompleteOn()) {
      BlockTrace.blockBioComplete(
          bio.operationId,
          device(bio.device),
          bio.opf,
          bio.sector,
          bio.sizeBytes >>> 9,
          bio.sizeBytes,
          bio.lastOperationId,
          identity(bio),
          (int) bio.status);
    }
  }

  static void split(Bio front) {
    if (BlockTrace.blockSplitOn()) {
      BlockTrace.blockSplit(
          front.operationId,
          device(front.device),
          front.opf,
          front.sector,
          front.sizeBytes >>> 9,
          front.sizeBytes,
          front.lastOperationId,
          identity(front),
          (int) front.endSector());
    }
  }

  /** What a request shows of its bios, which are gone when it is complete. */
  static void getRq(Request request) {
    if (BlockTrace.blockGetrqOn()) {
      BlockTrace.blockGetrq(
          request.operationId(),
          request.traceDevice(),
          request.opf,
          request.sector,
          request.sizeBytes >>> 9,
          request.sizeBytes,
          request.lastOperationId(),
          identity(request));
    }
  }

  static void rqInsert(Request request) {
    if (BlockTrace.blockRqInsertOn()) {
      BlockTrace.blockRqInsert(
          request.operationId(),
          request.traceDevice(),
          request.opf,
          request.sector,
          request.sizeBytes >>> 9,
          request.sizeBytes,
          request.lastOperationId(),
          identity(request));
    }
  }

  static void rqIssue(Request request) {
    if (BlockTrace.blockRqIssueOn()) {
      BlockTrace.blockRqIssue(
          request.operationId(),
          request.traceDevice(),
          request.opf,
          request.sector,
          request.sizeBytes >>> 9,
          request.sizeBytes,
          request.lastOperationId(),
          identity(request));
    }
  }

  static void rqComplete(Request request, long status) {
    if (BlockTrace.blockRqCompleteOn()) {
      BlockTrace.blockRqComplete(
          request.operationId(),
          request.traceDevice(),
          request.opf,
          request.sector,
          request.sizeBytes >>> 9,
          request.sizeBytes,
          request.lastOperationId(),
          identity(request),
          (int) status);
    }
  }

  static void flushStep(Request request, int step) {
    if (BlockTrace.blockFlushStepOn()) {
      BlockTrace.blockFlushStep(
          request.operationId(),
          request.traceDevice(),
          request.sector,
          request.sizeBytes,
          step,
          (int) request.flushError);
    }
  }
}
