package dev.svc0.cli.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A Debian package in a file: an ar archive of a control and a data archive.
 *
 * @param file where it is
 * @param fields of its control file, by lower-case name
 * @param control all files of its control archive, by name
 */
record DebPackage(Path file, Map<String, String> fields, Map<String, byte[]> control) {
  private static final int LONGEST_CONTROL_FILE = 16 << 20;

  /** What is done with the data archive. */
  @FunctionalInterface
  interface DataReader {
    void read(InputStream archive) throws IOException;
  }

  /** Reads what a package says of itself. */
  static DebPackage open(Path file) throws IOException {
    Map<String, byte[]> control = new LinkedHashMap<>();
    member(file, "control.tar", archive -> readControl(file, archive, control));
    byte[] text = control.get("control");
    if (text == null) {
      throw new ImageException(file + ": the package has no control file");
    }
    return new DebPackage(file, parse(new String(text, StandardCharsets.UTF_8)), control);
  }

  private static void readControl(Path file, InputStream archive, Map<String, byte[]> control)
      throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(Compression.open(archive));
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.isFile()) {
        if (entry.getSize() > LONGEST_CONTROL_FILE) {
          throw new ImageException(file + ": " + entry.getName() + " is too long to be right");
        }
        String name = entry.getName();
        control.put(name.substring(name.lastIndexOf('/') + 1), tar.readAllBytes());
      }
    }
  }

  /** Gives the data archive to a reader. */
  void data(DataReader reader) throws IOException {
    member(file, "data.tar", reader);
  }

  private static void member(Path file, String prefix, DataReader reader) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        ArArchiveInputStream ar = new ArArchiveInputStream(in)) {
      for (ArArchiveEntry entry = ar.getNextEntry(); entry != null; entry = ar.getNextEntry()) {
        if (entry.getName().startsWith(prefix)) {
          reader.read(ar);
          return;
        }
      }
    } catch (ImageException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageException(file + ": this is no Debian package, or it is damaged", e);
    }
    throw new ImageException(file + ": there is no " + prefix + " in it: no Debian package");
  }

  /** Reads {@code Name: value} lines; a line that begins with a blank continues the one before. */
  static Map<String, String> parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    String name = null;
    for (String line : text.split("\n")) {
      int colon = line.indexOf(':');
      if (!line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
        if (name != null) {
          fields.merge(name, line, (before, more) -> before + "\n" + more);
        }
      } else if (colon > 0) {
        name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        fields.put(name, line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  String name() {
    return fields.getOrDefault("package", file.getFileName().toString());
  }

  String version() {
    return fields.getOrDefault("version", "");
  }

  String architecture() {
    return fields.getOrDefault("architecture", "");
  }

  /** Bytes it takes when unpacked, as it says itself; an estimate. */
  long installedBytes() {
    try {
      return Long.parseLong(fields.getOrDefault("installed-size", "0")) * 1024;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** What its files in dpkg's database are called. */
  String databaseName() {
    return "same".equals(fields.get("multi-arch")) ? name() + ":" + architecture() : name();
  }

  /** A script that dpkg would run, or an empty text. */
  String script(String which) {
    byte[] text = control.get(which);
    return text == null ? "" : new String(text, StandardCharsets.UTF_8);
  }
}
