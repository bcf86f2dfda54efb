package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.sched.Completion;

/** Submitting bios. <i>Linux:</i> block/blk-core.c, block/blk-lib.c. */
@Traced(layer = Traced.Layer.BLOCK)
public final class BlockCore {
  /** Largest range of one discard or write-zeroes bio: its size is an int. */
  private static final int MAX_RANGE_BYTES = 1 << 30;

  private static final int ZERO_SEGMENTS = 64;

  private BlockCore() {}

  /** Starts collecting this thread's bios, for merging. Nests. */
  @Traced("blk_start_plug")
  public static void blkStartPlug() {
    BlkPlug.ofCurrentThread().start();
  }

  /** Lets the collected bios go. */
  @Traced("blk_finish_plug")
  public static void blkFinishPlug() {
    BlkPlug.ofCurrentThread().finish();
  }

  /** Starts a bio; its completion comes later, on any thread, or before this returns. */
  @Traced("submit_bio")
  public static void submitBio(Bio bio) {
    submitBioNoacct(bio);
  }

  /** Checks a bio against its device and starts it; what a layered driver calls for those below. */
  @Traced("submit_bio_noacct")
  public static void submitBioNoacct(Bio bio) {
    BlockDevice device = bio.device;
    DiskLimits limits = device.queue().limits();
    if (bio.sizeBytes > 0 && bioCheckEod(bio)) {
      bio.end(-Errno.EIO);
      return;
    }
    if ((bio.opf & (ReqOp.PREFLUSH | ReqOp.FUA)) != 0 && !limits.writeCache()) {
      bio.opf &= ~(ReqOp.PREFLUSH | ReqOp.FUA);
      if (bio.sizeBytes == 0) {
        bio.end(0);
        return;
      }
    }
    boolean supported =
        switch (ReqOp.op(bio.opf)) {
          case ReqOp.DISCARD -> limits.discard();
          case ReqOp.WRITE_ZEROES -> limits.writeZeroes();
          default -> true;
        };
    if (!supported) {
      bio.end(-Errno.EOPNOTSUPP);
      return;
    }
    submitBioNoacctNocheck(bio);
  }

  /** Whether a bio reaches behind the end of its device. */
  private static boolean bioCheckEod(Bio bio) {
    long sectors = bio.sizeBytes + 511L >>> 9;
    return bio.sector < 0 || bio.sector > bio.device.sectors() - sectors;
  }

  @Traced("submit_bio_noacct_nocheck")
  private static void submitBioNoacctNocheck(Bio bio) {
    BlockPoints.bioQueue(bio);
    bio.traceCompletion = true;
    submitBioInt(bio);
  }

  @Traced("__submit_bio")
  private static void submitBioInt(Bio bio) {
    BlkPlug plug = BlkPlug.ofCurrentThread();
    plug.start();
    RequestQueue queue = bio.device.queue();
    if (queue.driver().isBioBased()) {
      bio.device.startBio(bio);
    } else {
      queue.blkMqSubmitBio(bio, plug);
    }
    plug.finish();
  }

  @Traced("submit_bio_wait_endio")
  private static void submitBioWaitEndio(Bio bio) {
    if (bio.privateData instanceof Completion completion) {
      completion.complete();
    }
  }

  /** Starts a bio and waits for it. 0 or −errno. */
  @Traced("submit_bio_wait")
  public static long submitBioWait(Bio bio) {
    Completion completion = new Completion();
    bio.privateData = completion;
    bio.endIo = BlockCore::submitBioWaitEndio;
    bio.opf |= ReqOp.SYNC;
    submitBio(bio);
    completion.await();
    return bio.status;
  }

  /** Empties the device's volatile write cache and waits. 0 or −errno. */
  @Traced("blkdev_issue_flush")
  public static long blkdevIssueFlush(BlockDevice device) {
    return submitBioWait(new Bio(device, 0, ReqOp.WRITE | ReqOp.PREFLUSH));
  }

  /** Discards sectors and waits. 0 or −errno (−EOPNOTSUPP). */
  @Traced("blkdev_issue_discard")
  public static long blkdevIssueDiscard(BlockDevice device, long sector, long sectors) {
    if (!device.queue().limits().discard()) {
      return -Errno.EOPNOTSUPP;
    }
    return overRange(device, ReqOp.DISCARD, sector, sectors);
  }

  private static long overRange(BlockDevice device, int opf, long sector, long sectors) {
    long done = 0;
    while (done < sectors) {
      long step = Math.min(sectors - done, MAX_RANGE_BYTES >>> 9);
      Bio bio = new Bio(device, 0, opf);
      bio.sector = sector + done;
      bio.sizeBytes = (int) step << 9;
      long error = submitBioWait(bio);
      if (error != 0) {
        return error;
      }
      done += step;
    }
    return 0;
  }

  /** Makes sectors read as zero and waits, by the device or by writing zeroes. 0 or −errno. */
  @Traced("blkdev_issue_zeroout")
  public static long blkdevIssueZeroout(BlockDevice device, long sector, long sectors) {
    if (device.queue().limits().writeZeroes()) {
      long error = overRange(device, ReqOp.WRITE_ZEROES, sector, sectors);
      if (error != -Errno.EOPNOTSUPP) {
        return error;
      }
    }
    return blkdevIssueZeroPages(device, sector, sectors);
  }

  @Traced("__blkdev_issue_zero_pages")
  private static long blkdevIssueZeroPages(BlockDevice device, long sector, long sectors) {
    long zeroes = device.devices().zeroes();
    long done = 0;
    while (done < sectors) {
      Bio bio = new Bio(device, ZERO_SEGMENTS, ReqOp.WRITE);
      bio.sector = sector + done;
      for (int i = 0; i < ZERO_SEGMENTS && done < sectors; i++) {
        int step = (int) Math.min(sectors - done, BlockDevices.ZERO_BYTES >>> 9);
        bio.addSegment(zeroes, step << 9);
        done += step;
      }
      long error = submitBioWait(bio);
      if (error != 0) {
        return error;
      }
    }
    return 0;
  }
}
