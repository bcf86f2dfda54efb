package dev.svc0.cli.image;

import dev.svc0.runtime.abi.StatConstants;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Packs a tree of an image as a pax archive: owners, permissions, times to the nanosecond, links,
 * device nodes, extended attributes, holes. The same image gives the same bytes.
 */
public final class TarExport {
  private static final int BLOCK = 4096;
  private static final int RECORD = 512;
  private static final int BIGGEST_OCTAL_ID = 07777777;
  private static final long BIGGEST_OCTAL_SIZE = 077777777777L;
  private static final int NAME_BYTES = 100;

  private final ImageFiles files;
  private final Progress progress;
  private final Consumer<String> warnings;
  private final Map<Long, String> seen = new HashMap<>();

  /**
   * From the files of an image.
   *
   * @param warnings gets a sentence for each file that an archive cannot hold
   */
  public TarExport(ImageFiles files, Progress progress, Consumer<String> warnings) {
    this.files = files;
    this.progress = progress;
    this.warnings = warnings;
  }

  /** Packs a folder with everything below it, or a file; the stream is not closed. */
  public void pack(String path, OutputStream to) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(to, StandardCharsets.ISO_8859_1.name());
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_TRUNCATE); // the extended header has it
    FileStat top = files.lstat(path);
    tree(tar, path, top.isFolder() ? "./" : path.substring(path.lastIndexOf('/') + 1), top);
    tar.finish();
  }

  private void tree(TarArchiveOutputStream tar, String path, String name, FileStat stat)
      throws IOException {
    one(tar, path, name, stat);
    if (stat.isFolder()) {
      for (String child : files.list(path)) {
        String below = ImageFiles.join(path, child);
        FileStat found = files.lstat(below);
        tree(tar, below, name + child + (found.isFolder() ? "/" : ""), found);
      }
    }
  }

  private void one(TarArchiveOutputStream tar, String path, String name, FileStat stat)
      throws IOException {
    String first =
        stat.isFolder() || stat.links() < 2 ? null : seen.putIfAbsent(stat.inode(), name);
    byte type = type(stat, first != null);
    if (type < 0) {
      warnings.accept(ImageFiles.display(path) + ": a socket has no place in an archive");
      return;
    }
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setUserId(stat.uid());
    entry.setGroupId(stat.gid());
    entry.setMode(stat.mode());
    Instant time = Instant.ofEpochSecond(stat.mtimeSeconds(), stat.mtimeNanos());
    entry.setLastModifiedTime(
        FileTime.from(time.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)));
    ByteArrayOutputStream pax = new ByteArrayOutputStream();
    if (stat.mtimeNanos() != 0 || stat.mtimeSeconds() < 0) {
      record(
          pax,
          "mtime",
          java.math.BigDecimal.valueOf(stat.mtimeSeconds())
              .add(java.math.BigDecimal.valueOf(stat.mtimeNanos(), 9))
              .toPlainString());
    }
    link(entry, pax, path, first, stat);
    if (first == null) {
      xattrs(pax, path);
    }
    contents(tar, entry, pax, path, name, first == null ? stat : null);
  }

  private static byte type(FileStat stat, boolean another) {
    if (another) {
      return TarConstants.LF_LINK;
    }
    return switch (stat.type()) {
      case StatConstants.S_IFDIR -> TarConstants.LF_DIR;
      case StatConstants.S_IFREG -> TarConstants.LF_NORMAL;
      case StatConstants.S_IFLNK -> TarConstants.LF_SYMLINK;
      case StatConstants.S_IFCHR -> TarConstants.LF_CHR;
      case StatConstants.S_IFBLK -> TarConstants.LF_BLK;
      case StatConstants.S_IFIFO -> TarConstants.LF_FIFO;
      default -> -1;
    };
  }

  private void link(
      TarArchiveEntry entry,
      ByteArrayOutputStream pax,
      String path,
      @org.jspecify.annotations.Nullable String first,
      FileStat stat)
      throws IOException {
    if (first != null || stat.isLink()) {
      String target = first != null ? first : files.readLink(path);
      entry.setLinkName(target);
      if (needsHeader(target)) {
        record(pax, "linkpath", target);
      }
    } else if (stat.isDevice()) {
      entry.setDevMajor(stat.major());
      entry.setDevMinor(stat.minor());
    }
  }

  private void xattrs(ByteArrayOutputStream pax, String path) throws IOException {
    for (String name : files.xattrs(path)) {
      record(pax, "SCHILY.xattr." + name, files.xattr(path, name));
    }
  }

  private void contents(
      TarArchiveOutputStream tar,
      TarArchiveEntry entry,
      ByteArrayOutputStream pax,
      String path,
      String name,
      @org.jspecify.annotations.Nullable FileStat stat)
      throws IOException {
    if (stat == null || !stat.isFile()) {
      header(tar, entry, pax, name);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
      return;
    }
    List<long[]> data = stat.blocks512() * RECORD < stat.size() ? data(path) : List.of();
    if (data.isEmpty()) {
      entry.setSize(stat.size());
      header(tar, entry, pax, name);
      tar.putArchiveEntry(entry);
      files.read(path, new Counting(tar, path));
    } else {
      sparse(tar, entry, pax, path, name, stat, data);
    }
    tar.closeArchiveEntry();
  }

  /** GNU's sparse format 1.0: the places of the data, as text in records of their own, first. */
  private void sparse(
      TarArchiveOutputStream tar,
      TarArchiveEntry entry,
      ByteArrayOutputStream pax,
      String path,
      String name,
      FileStat stat,
      List<long[]> data)
      throws IOException {
    StringBuilder map = new StringBuilder().append(data.size()).append('\n');
    long bytes = 0;
    for (long[] piece : data) {
      map.append(piece[0]).append('\n').append(piece[1]).append('\n');
      bytes += piece[1];
    }
    byte[] places =
        java.util.Arrays.copyOf(
            map.toString().getBytes(StandardCharsets.US_ASCII),
            map.length() + RECORD - 1 & -RECORD);
    record(pax, "GNU.sparse.major", "1");
    record(pax, "GNU.sparse.minor", "0");
    record(pax, "GNU.sparse.name", name);
    record(pax, "GNU.sparse.realsize", Long.toString(stat.size()));
    entry.setSize(places.length + bytes);
    int slash = name.lastIndexOf('/');
    String shown = name.substring(0, slash + 1) + "GNUSparseFile.0/" + name.substring(slash + 1);
    entry.setName(shown);
    header(tar, entry, pax, shown);
    tar.putArchiveEntry(entry);
    tar.write(places);
    files.read(path, new Pieces(tar, data));
    progress.step(bytes, ImageFiles.display(path));
  }

  private static boolean needsHeader(String name) {
    return name.length() > NAME_BYTES - 1 || name.chars().anyMatch(letter -> letter > 0x7e);
  }

  /** Writes the extended header, when anything needs it. */
  private static void header(
      TarArchiveOutputStream tar, TarArchiveEntry entry, ByteArrayOutputStream pax, String name)
      throws IOException {
    if (needsHeader(name)) {
      record(pax, "path", name);
    }
    if (entry.getLongUserId() > BIGGEST_OCTAL_ID) {
      record(pax, "uid", Long.toString(entry.getLongUserId()));
    }
    if (entry.getLongGroupId() > BIGGEST_OCTAL_ID) {
      record(pax, "gid", Long.toString(entry.getLongGroupId()));
    }
    if (entry.getSize() > BIGGEST_OCTAL_SIZE) {
      record(pax, "size", Long.toString(entry.getSize()));
    }
    if (pax.size() == 0) {
      return;
    }
    TarArchiveEntry extended =
        new TarArchiveEntry("./PaxHeaders/entry", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    extended.setLastModifiedTime(FileTime.fromMillis(0));
    extended.setMode(0644);
    extended.setSize(pax.size());
    tar.putArchiveEntry(extended);
    pax.writeTo(tar);
    tar.closeArchiveEntry();
  }

  private static void record(ByteArrayOutputStream pax, String key, String value) {
    record(pax, key, value.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** {@code LENGTH KEY=VALUE\n}, where the length counts its own digits. */
  private static void record(ByteArrayOutputStream pax, String key, byte... value) {
    int rest = key.length() + value.length + 3;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    pax.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.ISO_8859_1));
    pax.writeBytes(value);
    pax.write('\n');
  }

  /** Where a file has anything but zeroes: pairs of offset and length, and its end. */
  private List<long[]> data(String path) throws IOException {
    DataFinder finder = new DataFinder();
    files.read(path, finder);
    return finder.finish();
  }

  /** Collects the places of blocks that are not zero. */
  private static final class DataFinder extends OutputStream {
    private final List<long[]> pieces = new ArrayList<>();
    private final byte[] block = new byte[BLOCK];
    private int filled;
    private long at;

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      int done = 0;
      while (done < length) {
        int step = Math.min(BLOCK - filled, length - done);
        System.arraycopy(from, offset + done, block, filled, step);
        filled += step;
        done += step;
        if (filled == BLOCK) {
          flushBlock();
        }
      }
    }

    private void flushBlock() {
      if (!ImageFiles.isZero(block, 0, filled)) {
        long[] last = pieces.isEmpty() ? null : pieces.getLast();
        if (last != null && last[0] + last[1] == at) {
          last[1] += filled;
        } else {
          pieces.add(new long[] {at, filled});
        }
      }
      at += filled;
      filled = 0;
    }

    List<long[]> finish() {
      flushBlock();
      pieces.add(new long[] {at, 0});
      return pieces;
    }
  }

  /** Lets only the pieces of data through. */
  private static final class Pieces extends OutputStream {
    private final OutputStream out;
    private final List<long[]> pieces;
    private int next;
    private long at;

    Pieces(OutputStream out, List<long[]> pieces) {
      this.out = out;
      this.pieces = pieces;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      long end = at + length;
      while (next < pieces.size() && pieces.get(next)[0] < end) {
        long[] piece = pieces.get(next);
        long begin = Math.max(piece[0], at);
        long stop = Math.min(piece[0] + piece[1], end);
        if (begin < stop) {
          out.write(from, offset + (int) (begin - at), (int) (stop - begin));
        }
        if (piece[0] + piece[1] > end) {
          break;
        }
        next++;
      }
      at = end;
    }
  }

  /** Tells of every part that goes through. */
  private final class Counting extends OutputStream {
    private final OutputStream out;
    private final String path;

    Counting(OutputStream out, String path) {
      this.out = out;
      this.path = ImageFiles.display(path);
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      out.write(from, offset, length);
      progress.step(length, path);
    }
  }
}
