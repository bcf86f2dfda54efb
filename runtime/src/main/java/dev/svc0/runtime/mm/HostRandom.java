package dev.svc0.runtime.mm;

import dev.svc0.runtime.host.HostSyscall;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Random bytes of the host's kernel. Asked directly: a {@code SecureRandom} takes longer to find
 * its provider than a short program runs. <i>Linux:</i> getrandom(2).
 */
public final class HostRandom {
  /** As much as the kernel gives in one piece, whatever signals come. */
  private static final int CHUNK = HostSyscall.SCRATCH_BYTES;

  private HostRandom() {}

  /** Fills the first {@code count} bytes of an array. */
  public static void fill(byte[] bytes, int count) {
    long buffer = HostSyscall.scratch();
    for (int done = 0; done < count; ) {
      int wanted = Math.min(CHUNK, count - done);
      long got = HostSyscall.call(318, 278, buffer, wanted, 0, 0, 0, 0);
      if (got <= 0) {
        throw new IllegalStateException("host call getrandom failed: errno " + -got);
      }
      HostMemory.copy(buffer, bytes, done, (int) got);
      done += (int) got;
    }
  }

  /** A random (version 4) UUID. */
  public static UUID uuid() {
    byte[] bytes = new byte[16];
    fill(bytes, bytes.length);
    ByteBuffer both = ByteBuffer.wrap(bytes);
    long high = both.getLong() & ~0xf000L | 0x4000;
    long low = both.getLong() & ~(3L << 62) | 1L << 63;
    return new UUID(high, low);
  }
}
