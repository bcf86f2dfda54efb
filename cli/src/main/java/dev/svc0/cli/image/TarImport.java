package dev.svc0.cli.image;

import dev.svc0.runtime.abi.StatConstants;
import io.airlift.compress.MalformedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks tar archives (ustar, GNU, pax; plain, gzip, xz, zstd, bzip2) into an image: owners,
 * permissions, times, links, device nodes, extended attributes, sparse files.
 *
 * <p>A folder that is there, also through a symbolic link, is kept; a file that is there is
 * replaced. A name with {@code ..} in it is refused.
 */
public final class TarImport {
  private static final String XATTR = "SCHILY.xattr.";
  private static final int RECORD = 512;
  private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";

  private final String name;
  private final ImageFiles files;
  private final Progress progress;
  private final List<LateTime> times = new ArrayList<>();
  private Predicate<String> wanted = name -> true;
  private @Nullable String last;
  private long entries;
  private long bytes;

  /** The time of a folder, set when nothing more is put into it. */
  private record LateTime(String path, long seconds, long nanos) {}

  /**
   * Into the files of an image.
   *
   * @param name of the archive, for messages
   */
  public TarImport(String name, ImageFiles files, Progress progress) {
    this.name = name;
    this.files = files;
    this.progress = progress;
  }

  /** Leaves out what a test refuses; it sees paths from the top, with a slash at the start. */
  TarImport only(Predicate<String> test) {
    wanted = test;
    return this;
  }

  /** Files, folders and links made so far. */
  public long entries() {
    return entries;
  }

  /** Bytes of contents written so far. */
  public long bytes() {
    return bytes;
  }

  /**
   * Unpacks an archive below a folder, which is made if it is not there.
   *
   * @param archive is read to its end and not closed
   * @throws ImageException that names the archive when it is none or damaged, and says where
   */
  public void unpack(InputStream archive, String folder) throws IOException {
    unpack(archive, folder, path -> {});
  }

  /** What is told of each path that was unpacked. */
  interface Listener {
    void unpacked(String path);
  }

  void unpack(InputStream archive, String folder, Listener listener) throws IOException {
    files.makeFolders(folder);
    try {
      unpackEntries(archive, folder, listener);
    } catch (ImageException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | MalformedInputException e) {
      throw damaged(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
    for (LateTime time : times.reversed()) {
      files.setTime(time.path, time.seconds, time.nanos);
    }
    times.clear();
  }

  private void unpackEntries(InputStream archive, String folder, Listener listener)
      throws IOException {
    PaxRecords pax = new PaxRecords(Compression.open(archive));
    TarArchiveInputStream tar = new TarArchiveInputStream(pax, StandardCharsets.ISO_8859_1.name());
    TarArchiveEntry entry = tar.getNextEntry();
    if (entry == null && tar.getBytesRead() < RECORD) {
      throw damaged("it has no header", null);
    }
    for (; entry != null; entry = tar.getNextEntry()) {
      String path = rawPath(pax, "path", entry.getName());
      last = ImageFiles.display(path);
      String clean = clean(path);
      if (wanted.test("/" + clean)) {
        String to = clean.isEmpty() ? folder : ImageFiles.join(folder, clean);
        one(tar, entry, to, folder, pax.current());
        listener.unpacked("/" + clean);
      }
    }
  }

  private ImageException damaged(String reason, @Nullable Exception cause) {
    String message =
        last == null
            ? "this is no tar archive (plain, gzip, xz, zstd or bzip2), or it is damaged ("
                + reason
                + "); nothing was unpacked"
            : "the archive is damaged in or after "
                + last
                + " ("
                + reason
                + "); what comes before was unpacked: get the archive again and repeat";
    return new ImageException(name + ": " + message, cause);
  }

  /** A path of the extended header byte for byte, or the one the reader found. */
  private static String rawPath(PaxRecords pax, String key, String other) {
    byte[] raw = pax.current().get(key);
    byte[] sparse = key.equals("path") ? pax.current().get("GNU.sparse.name") : null;
    byte[] best = sparse != null ? sparse : raw;
    return best == null ? other : new String(best, StandardCharsets.ISO_8859_1);
  }

  /** Without a slash or dots at either end; {@code ..} is refused. */
  private String clean(String path) throws ImageException {
    StringBuilder result = new StringBuilder();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        throw new ImageException(
            name
                + ": "
                + ImageFiles.display(path)
                + ": a name in an archive must not lead upwards with '..'");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        result.append(result.isEmpty() ? "" : "/").append(part);
      }
    }
    return result.toString();
  }

  private void one(
      TarArchiveInputStream tar,
      TarArchiveEntry entry,
      String path,
      String folder,
      Map<String, byte[]> pax)
      throws IOException {
    int mode = entry.getMode() & 07777;
    entries++;
    progress.step(0, ImageFiles.display(path));
    if (entry.isDirectory()) {
      makeFolder(path, mode);
    } else {
      makeWay(path);
      if (entry.isLink()) {
        byte[] raw = pax.get("linkpath");
        String target =
            raw == null ? entry.getLinkName() : new String(raw, StandardCharsets.ISO_8859_1);
        files.link(ImageFiles.join(folder, clean(target)), path);
        return; // everything else belongs to the file it names
      }
      make(tar, entry, path, pax);
    }
    attributes(entry, path, mode, pax);
  }

  private void makeFolder(String path, int mode) throws IOException {
    if (!files.isFolder(path)) {
      makeWay(path);
      files.makeFolder(path, mode);
    }
  }

  /** Sees to it that the folder above is there and nothing is in the way. */
  private void makeWay(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash > 0 && !files.isFolder(path.substring(0, slash))) {
      files.makeFolders(path.substring(0, slash));
    }
    FileStat there = files.find(path);
    if (there != null) {
      files.remove(path);
    }
  }

  private void make(
      TarArchiveInputStream tar, TarArchiveEntry entry, String path, Map<String, byte[]> pax)
      throws IOException {
    if (entry.isSymbolicLink()) {
      byte[] raw = pax.get("linkpath");
      files.symlink(
          raw == null ? entry.getLinkName() : new String(raw, StandardCharsets.ISO_8859_1), path);
    } else if (entry.isCharacterDevice() || entry.isBlockDevice()) {
      int type = entry.isBlockDevice() ? StatConstants.S_IFBLK : StatConstants.S_IFCHR;
      files.makeNode(path, type | 0600, FileStat.device(entry.getDevMajor(), entry.getDevMinor()));
    } else if (entry.isFIFO()) {
      files.makeNode(path, StatConstants.S_IFIFO | 0600, 0);
    } else if (entry.isSparse()) {
      files.writeSparse(path, tar, 0600);
      count(entry.getRealSize());
    } else if (entry.isFile()) {
      files.write(path, tar, 0600);
      count(entry.getSize());
    } else {
      throw new ImageException(
          name
              + ": "
              + ImageFiles.display(path)
              + ": an entry of type '"
              + (char) entry.getLinkFlag()
              + "' cannot be unpacked");
    }
  }

  private void count(long size) {
    bytes += size;
  }

  private void attributes(TarArchiveEntry entry, String path, int mode, Map<String, byte[]> pax)
      throws IOException {
    files.chown(path, entry.getLongUserId(), entry.getLongGroupId());
    if (!entry.isSymbolicLink()) {
      files.chmod(path, mode);
    }
    for (Map.Entry<String, byte[]> record : pax.entrySet()) {
      if (record.getKey().startsWith(XATTR)) {
        files.setXattr(path, record.getKey().substring(XATTR.length()), record.getValue());
      } else if (record.getKey().startsWith(LIBARCHIVE_XATTR)
          && !pax.containsKey(XATTR + record.getKey().substring(LIBARCHIVE_XATTR.length()))) {
        files.setXattr(
            path,
            record.getKey().substring(LIBARCHIVE_XATTR.length()),
            java.util.Base64.getMimeDecoder().decode(record.getValue()));
      }
    }
    FileTime modified = entry.getLastModifiedTime();
    Instant time = modified.toInstant();
    if (entry.isDirectory()) {
      times.add(new LateTime(path, time.getEpochSecond(), time.getNano()));
    } else {
      files.setTime(path, time.getEpochSecond(), time.getNano());
    }
  }
}
