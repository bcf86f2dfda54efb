package dev.svc0.cli.image;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Tells by the first bytes how a stream is compressed, and reads what was put in. */
final class Compression {
  private static final int LONGEST_MAGIC = 6;
  private static final int BUFFER = 1 << 16;

  private Compression() {}

  /** Gzip, xz, zstd, bzip2, or as it is. */
  static InputStream open(InputStream from) throws IOException {
    BufferedInputStream in = new BufferedInputStream(from, BUFFER);
    in.mark(LONGEST_MAGIC);
    byte[] head = in.readNBytes(LONGEST_MAGIC);
    in.reset();
    if (begins(head, 0x1f, 0x8b)) {
      return new GZIPInputStream(in, BUFFER);
    }
    if (begins(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return new XZInputStream(in);
    }
    if (begins(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new BufferedInputStream(new ZstdInputStream(in), BUFFER);
    }
    if (begins(head, 'B', 'Z', 'h')) {
      return new BZip2CompressorInputStream(in, true);
    }
    return in;
  }

  private static boolean begins(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
