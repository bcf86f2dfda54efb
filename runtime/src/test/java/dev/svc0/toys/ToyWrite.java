package dev.svc0.toys;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.Traced;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.trace.event.BlockTrace;
import org.jspecify.annotations.Nullable;

/** A write path of a few lines, for tests of the tracer. */
@Traced(layer = Traced.Layer.VFS)
public final class ToyWrite {
  /** 7,1. */
  private static final int DEVICE = 7 << 20 | 1;

  private ToyWrite() {}

  /** The handler of a call. */
  @SyscallDefine(nr = 1024, name = "toy_write")
  public static long write(Task task, int fd, long buffer, long count) {
    return ksysWrite(fd, buffer, count);
  }

  @Traced("ksys_toy_write")
  public static long ksysWrite(int fd, long buffer, long count) {
    if (!isGood(fd)) {
      return -9;
    }
    long done = 0;
    while (done < count) {
      done += page((int) Math.min(4096, count - done));
    }
    finish();
    return done;
  }

  @Traced("toy_good")
  public static boolean isGood(int fd) {
    return fd >= 0;
  }

  @Traced(value = "toy_page", layer = Traced.Layer.PAGECACHE)
  public static int page(int bytes) {
    return bytes;
  }

  /** Does the work of no kernel function. */
  @ToyMark
  public static int unnamed(int number) {
    return plain(number) + 1;
  }

  static int plain(int number) {
    return 2 * number;
  }

  @Traced("toy_finish")
  public static void finish() {}

  @Traced("toy_find")
  public static @Nullable String find(boolean exists) {
    return exists ? "found" : null;
  }

  @Traced("toy_fail")
  public static long fail(int level) {
    if (level == 0) {
      throw new UnsupportedOperationException("toy");
    }
    return fail(level - 1);
  }

  /** A toy bio enters the toy block layer. */
  @Traced(value = "submit_bio", layer = Traced.Layer.BLOCK)
  public static void submit(ToyBio bio) {
    BlockTrace.blockBioQueue(
        bio.operation, DEVICE, bio.opf, bio.sector, bio.bytes >>> 9, bio.bytes, bio.last, 77);
    finish();
  }

  @Traced(value = "blk_mq_start_request", layer = Traced.Layer.BLOCK)
  public static void issue(ToyBio bio) {
    BlockTrace.blockRqIssue(
        bio.operation, DEVICE, bio.opf, bio.sector, bio.bytes >>> 9, bio.bytes, bio.last, 77);
  }

  @Traced(value = "blk_update_request", layer = Traced.Layer.BLOCK)
  public static void complete(ToyBio bio, long status) {
    BlockTrace.blockRqComplete(
        bio.operation,
        DEVICE,
        bio.opf,
        bio.sector,
        bio.bytes >>> 9,
        bio.bytes,
        bio.last,
        77,
        (int) status);
    endio(bio, status);
  }

  @Traced(value = "bio_endio", layer = Traced.Layer.BLOCK)
  static void endio(ToyBio bio, long status) {
    BlockTrace.blockBioComplete(
        bio.operation,
        DEVICE,
        bio.opf,
        bio.sector,
        bio.bytes >>> 9,
        bio.bytes,
        bio.last,
        77,
        (int) status);
  }

  /** Something that runs other code. */
  public interface ToyWork {
    void run();
  }

  @Traced("toy_outer")
  public static void outer(ToyWork work) {
    inner(work);
    finish();
  }

  @Traced("toy_run")
  static void inner(ToyWork work) {
    work.run();
  }

  public static long notTraced(long value) {
    return value + 1;
  }

  /** What passes through. */
  public record ToyBio(long operation, long last, long sector, int bytes, int opf) {}
}
