package dev.svc0.fs.flakey;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.sched.KernelThread;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A disk over another one that fails as its rule says. The monitor protects what is delayed. */
@Traced(layer = Traced.Layer.DRIVER)
public final class Flakey implements BlockDriver {
  /** What becomes of a bio. */
  public sealed interface Fate {}

  /** It is done as asked. */
  public record Pass() implements Fate {}

  /** It ends with an error and nothing is done. */
  public record Fail(long negativeErrno) implements Fate {}

  /** It ends well and nothing is done: a lie, as of a disk that loses power. */
  public record Drop() implements Fate {}

  /** Only its first bytes, whole sectors, are written; it ends well. */
  public record Tear(int bytes) implements Fate {}

  /** It is done later. */
  public record Delay(long nanos) implements Fate {}

  /**
   * Decides; called on the submitting thread, once for each bio, with a number that counts them.
   */
  @FunctionalInterface
  public interface Rule {
    /** What becomes of this bio. */
    Fate decide(Bio bio, long number);
  }

  /** Lets everything pass. */
  public static final Rule NONE = (bio, number) -> new Pass();

  private record Delayed(long dueNanos, Bio bio) {}

  private final BlockDevice below;
  private final AtomicLong bios = new AtomicLong();
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(Comparator.comparingLong(Delayed::dueNanos));
  private volatile Rule rule;
  private @Nullable KernelThread timer;
  private boolean closed;

  private Flakey(BlockDevice below, Rule rule) {
    this.below = below;
    this.rule = rule;
  }

  /** Lays one over a disk; {@link BlockDevice#queue} and its driver lead back to it. */
  public static BlockDevice over(BlockDevices devices, BlockDevice below, Rule rule) {
    DiskLimits limits = below.queue().limits();
    return devices.add("dm-", 253, below.sectors(), limits, new Flakey(below, rule));
  }

  /** Changes the rule. */
  public void setRule(Rule newRule) {
    rule = newRule;
  }

  @Override
  public boolean isBioBased() {
    return true;
  }

  @Override
  @Traced("flakey_map")
  public void submitBio(Bio bio) {
    switch (rule.decide(bio, bios.getAndIncrement())) {
      case Pass pass -> pass(bio);
      case Fail fail -> bio.end(fail.negativeErrno());
      case Drop drop -> bio.end(0);
      case Tear tear -> tear(bio, tear.bytes());
      case Delay delay -> delay(bio, System.nanoTime() + delay.nanos());
    }
  }

  private void pass(Bio bio) {
    BlockCore.submitBioNoacct(bio.cloneFor(below));
  }

  private void tear(Bio bio, int bytes) {
    if (ReqOp.op(bio.opf) != ReqOp.WRITE || bytes >= bio.sizeBytes) {
      pass(bio);
      return;
    }
    Bio part = new Bio(below, Math.max(bio.segments(), 1), bio.opf);
    part.sector = bio.sector;
    part.operationId = bio.operationId;
    part.lastOperationId = bio.lastOperationId;
    int left = bytes & -512;
    for (int i = 0; left > 0; i++) {
      int step = Math.min(left, bio.segmentLength(i));
      part.addSegment(bio.segmentAddress(i), step);
      left -= step;
    }
    if (part.sizeBytes == 0) {
      bio.end(0);
      return;
    }
    part.endIo = done -> bio.end(done.status);
    BlockCore.submitBioNoacct(part);
  }

  private synchronized void delay(Bio bio, long due) {
    if (closed) {
      bio.end(-Errno.EIO);
      return;
    }
    if (timer == null) {
      timer = new KernelThread(this::runDelayed, "flakey");
      timer.start();
    }
    delayed.add(new Delayed(due, bio));
    notifyAll();
  }

  private void runDelayed() {
    Bio bio = nextDue();
    while (bio != null) {
      pass(bio);
      bio = nextDue();
    }
  }

  private synchronized @Nullable Bio nextDue() {
    while (true) {
      Delayed first = delayed.peek();
      if (first == null && closed) {
        return null;
      }
      long millis = first == null ? 0 : (first.dueNanos - System.nanoTime()) / 1_000_000 + 1;
      if (first != null && (closed || first.dueNanos - System.nanoTime() <= 0)) {
        delayed.remove(first);
        return first.bio;
      }
      try {
        wait(millis);
      } catch (InterruptedException e) {
        // Look again.
      }
    }
  }

  @Override
  public void close() {
    Thread waitFor;
    synchronized (this) {
      closed = true;
      waitFor = timer;
      notifyAll();
    }
    while (waitFor != null && waitFor.isAlive()) {
      try {
        waitFor.join();
      } catch (InterruptedException e) {
        // What is delayed must be done before the disk below goes away.
      }
    }
  }
}
