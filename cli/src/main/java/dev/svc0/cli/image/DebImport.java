package dev.svc0.cli.image;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes a root of Debian packages: unpacks them through the links of a merged /usr, notes them in
 * dpkg's database, and does what their scripts would do as far as programs depend on it. No script
 * runs.
 *
 * <p>Done in their place: the links of a merged /usr; {@code sh}; alternatives ({@code awk}, {@code
 * editor}, …); /etc/passwd, group, nsswitch.conf and profile from the packages' own masters; hosts,
 * hostname and the folders that every system has. Not done: users and groups of services, caches
 * (fonts, certificates, {@code ld.so.cache}: the loader finds Debian's own folders without it),
 * byte-compiled Python, triggers.
 */
final class DebImport {
  private static final List<String> MERGED = List.of("bin", "sbin", "lib");
  private static final String INFO = "/var/lib/dpkg/info/";
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/bash
      daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
      bin:x:2:2:bin:/bin:/usr/sbin/nologin
      nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
      """;
  private static final String GROUP = "root:x:0:\ndaemon:x:1:\nbin:x:2:\nnogroup:x:65534:\n";

  private final ImageFiles files;
  private final Progress progress;
  private final StringBuilder status = new StringBuilder();
  private final Alternatives alternatives = new Alternatives();
  private long entries;

  /** Into the files of an image. */
  DebImport(ImageFiles files, Progress progress) {
    this.files = files;
    this.progress = progress;
  }

  /** Files, folders and links made so far. */
  long entries() {
    return entries;
  }

  /**
   * The packages in files, and in folders the files that end in {@code .deb}: of several versions
   * the newest file; each package once, {@code base-files} first.
   */
  static List<DebPackage> open(List<Path> places) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        try (Stream<Path> inside = Files.list(place)) {
          inside.filter(file -> file.toString().endsWith(".deb")).sorted().forEach(found::add);
        }
      } else if (Files.isRegularFile(place)) {
        found.add(place);
      } else {
        throw new ImageException("there is no file or folder " + place);
      }
    }
    Map<String, DebPackage> byName = new java.util.TreeMap<>();
    for (Path file : found) {
      DebPackage one = DebPackage.open(file);
      if (!one.architecture().equals("arm64") && !one.architecture().equals("all")) {
        throw new ImageException(
            file + ": it is for " + one.architecture() + "; svc0 runs programs for arm64");
      }
      DebPackage other = byName.get(one.name());
      if (other == null
          || Files.getLastModifiedTime(other.file()).compareTo(Files.getLastModifiedTime(file))
              <= 0) {
        byName.put(one.name(), one);
      }
    }
    if (byName.isEmpty()) {
      throw new ImageException(
          "there is no package (*.deb) in " + places + "; --fetch NAME,… downloads some");
    }
    List<DebPackage> packages = new ArrayList<>(byName.values());
    packages.sort(
        Comparator.comparing((DebPackage one) -> !one.name().equals("base-files"))
            .thenComparing(DebPackage::name));
    return packages;
  }

  /** Bytes an image needs for packages, with room to work in. */
  static long roomFor(List<DebPackage> packages) {
    long installed = packages.stream().mapToLong(DebPackage::installedBytes).sum();
    long room = installed + installed / 2 + (128L << 20);
    return room + (1L << 26) - 1 & -(1L << 26);
  }

  /** Makes the root. */
  void unpack(List<DebPackage> packages, java.util.function.Predicate<String> wanted)
      throws IOException {
    merge();
    files.makeFolders(INFO.substring(0, INFO.length() - 1));
    for (DebPackage one : packages) {
      unpack(one, wanted);
    }
    for (DebPackage one : packages) {
      alternatives.read(one.script("postinst"));
    }
    put("/var/lib/dpkg/status", status.toString());
    put("/var/lib/dpkg/available", "");
    put("/var/lib/dpkg/arch", "arm64\n");
    files.makeFolders("/var/lib/dpkg/updates");
    configure();
  }

  private void merge() throws IOException {
    for (String folder : MERGED) {
      files.makeFolders("/usr/" + folder);
      if (files.find("/" + folder) == null) {
        files.symlink("usr/" + folder, "/" + folder);
      }
    }
  }

  private void unpack(DebPackage one, java.util.function.Predicate<String> wanted)
      throws IOException {
    TarImport tar =
        new TarImport("data.tar", files, (bytes, what) -> progress.step(bytes, one.name()));
    TreeSet<String> names = new TreeSet<>();
    try {
      one.data(
          archive -> tar.only(wanted).unpack(new Counted(archive, one.name()), "/", names::add));
    } catch (IOException e) {
      throw new ImageException("package " + one.name() + ": " + e.getMessage());
    }
    entries += tar.entries();
    StringBuilder list = new StringBuilder("/.\n");
    names.forEach(name -> list.append(name.equals("/") ? "" : name + "\n"));
    put(INFO + one.databaseName() + ".list", list.toString());
    for (Map.Entry<String, byte[]> file : one.control().entrySet()) {
      if (!file.getKey().equals("control")) {
        String path = INFO + one.databaseName() + "." + file.getKey();
        boolean script = file.getValue().length > 1 && file.getValue()[0] == '#';
        files.write(path, new ByteArrayInputStream(file.getValue()), script ? 0755 : 0644);
      }
    }
    note(one);
  }

  /** What dpkg keeps about an unpacked package. */
  private void note(DebPackage one) {
    for (String line : one.script("control").stripTrailing().split("\n")) {
      status.append(line).append('\n');
      if (line.startsWith("Package:")) {
        status.append("Status: install ok unpacked\n");
      }
    }
    status.append('\n');
  }

  private void configure() throws IOException {
    for (String folder :
        List.of("/dev", "/proc", "/sys", "/run", "/root", "/home", "/mnt", "/etc", "/var/log")) {
      files.makeFolders(folder);
    }
    for (String folder : List.of("/tmp", "/var/tmp")) {
      files.makeFolders(folder);
      files.chmod(folder, 01777);
    }
    if (files.find("/usr/bin/sh") == null) {
      for (String shell : List.of("dash", "bash", "busybox")) {
        if (files.find("/usr/bin/sh") == null && files.find("/usr/bin/" + shell) != null) {
          files.symlink(shell, "/usr/bin/sh");
        }
      }
    }
    alternatives.make(files);
    copy("/usr/share/base-passwd/passwd.master", "/etc/passwd", PASSWD);
    copy("/usr/share/base-passwd/group.master", "/etc/group", GROUP);
    copy(
        "/usr/share/base-files/nsswitch.conf",
        "/etc/nsswitch.conf",
        "passwd: files\ngroup: files\nhosts: files dns\n");
    copy("/usr/share/base-files/profile", "/etc/profile", null);
    copy("/usr/share/base-files/dot.profile", "/root/.profile", null);
    copy("/usr/share/base-files/dot.bashrc", "/root/.bashrc", null);
    copy(null, "/etc/hosts", "127.0.0.1 localhost svc0\n::1 localhost\n");
    copy(null, "/etc/hostname", "svc0\n");
    copy(null, "/etc/fstab", "# svc0 mounts what its command line says\n");
  }

  /** A file that is not there yet: a copy of another in the image, or a text. */
  private void copy(
      @org.jspecify.annotations.Nullable String from,
      String to,
      @org.jspecify.annotations.Nullable String otherwise)
      throws IOException {
    if (files.find(to) != null) {
      return;
    }
    byte[] content = from == null ? null : files.readSmall(from);
    if (content != null) {
      files.write(to, new ByteArrayInputStream(content), 0644);
    } else if (otherwise != null) {
      put(to, otherwise);
    }
  }

  private void put(String path, String text) throws IOException {
    files.write(path, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 0644);
  }

  /** Tells of the bytes of a package that were used up. */
  private final class Counted extends FilterInputStream {
    private final String name;

    Counted(InputStream in, String name) {
      super(in);
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      progress.step(1, name);
      return super.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int got = super.read(to, offset, length);
      progress.step(Math.max(0, got), name);
      return got;
    }
  }
}
