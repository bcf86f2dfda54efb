package dev.svc0.cli.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A set of Debian packages that is to become the root of a machine. */
public final class DebRoot {
  private static final List<String> DOCUMENTS =
      List.of("/usr/share/doc/", "/usr/share/man/", "/usr/share/locale/", "/usr/share/info/");

  private final List<DebPackage> packages;
  private long entries;

  private DebRoot(List<DebPackage> packages) {
    this.packages = packages;
  }

  /** The packages in files, and in folders the files that end in {@code .deb}. */
  public static DebRoot of(List<Path> places) throws IOException {
    return new DebRoot(DebImport.open(places));
  }

  /**
   * Downloads packages with the machine's apt, with all they depend on; the files.
   *
   * @param state a folder that is kept, so that a second download finds what the first left
   */
  public static List<Path> fetch(List<String> names, Path state)
      throws IOException, InterruptedException {
    return new AptDownload(state).files(names);
  }

  /** Bytes an image needs for them, with room to work in. */
  public long roomBytes() {
    return DebImport.roomFor(packages);
  }

  /** Bytes of the package files. */
  public long archiveBytes() throws IOException {
    long bytes = 0;
    for (DebPackage one : packages) {
      bytes += Files.size(one.file());
    }
    return bytes;
  }

  /** Names and versions, as {@code name=version}. */
  public List<String> names() {
    return packages.stream().map(one -> one.name() + "=" + one.version()).toList();
  }

  /** Files, folders and links made so far. */
  public long entries() {
    return entries;
  }

  /** Makes the root in an image. */
  public void unpack(ImageFiles files, Progress progress, boolean withoutDocuments)
      throws IOException {
    DebImport debs = new DebImport(files, progress);
    debs.unpack(
        packages, name -> !withoutDocuments || DOCUMENTS.stream().noneMatch(name::startsWith));
    entries = debs.entries();
  }
}
