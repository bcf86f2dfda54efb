package dev.svc0.runtime.syscall.decode;

import dev.svc0.annotation.AbiNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pinned names of constants and errors, and the layouts of structs. Read when first needed. */
final class Names {
  private final Map<String, List<Constant>> groups = new HashMap<>();
  private final Map<Long, Failure> errors = new HashMap<>();
  private final Map<String, Struct> structs = new HashMap<>();

  /** A constant of a group. */
  record Constant(String name, long value) {}

  /** An error: its name, and what the C library calls it. */
  record Failure(String name, String message) {}

  /** A field of a struct: place, size in bytes, C type. */
  record Field(String name, int offset, int bytes, String type) {}

  /** A struct: its size in bytes and its fields in order of place. */
  record Struct(String name, int bytes, List<Field> fields) {}

  private static final class Loaded {
    static final Names NAMES = new Names();
  }

  private Names() {
    try (InputStream in = Names.class.getResourceAsStream(AbiNames.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + AbiNames.RESOURCE);
      }
      read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(BufferedReader lines) throws IOException {
    List<Field> fields = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] value = line.split("\t", -1);
      switch (value[0]) {
        case "c" ->
            groups
                .computeIfAbsent(value[1], group -> new ArrayList<>())
                .add(new Constant(value[2], Long.parseLong(value[3])));
        case "e" -> errors.put(Long.valueOf(value[2]), new Failure(value[1], value[3]));
        case "s" -> {
          fields = new ArrayList<>();
          structs.put(value[1], new Struct(value[1], Integer.parseInt(value[2]), fields));
        }
        default ->
            fields.add(
                new Field(
                    value[1], Integer.parseInt(value[2]), Integer.parseInt(value[3]), value[4]));
      }
    }
  }

  static Names get() {
    return Loaded.NAMES;
  }

  /** The constants that a role names: a group, or {@code group:PREFIX|OTHER}. */
  List<Constant> constants(String spec) {
    int colon = spec.indexOf(':');
    List<Constant> group =
        groups.getOrDefault(colon < 0 ? spec : spec.substring(0, colon), List.of());
    if (colon < 0) {
      return group;
    }
    String[] prefixes = spec.substring(colon + 1).split("\\|");
    return group.stream()
        .filter(constant -> {
          for (String prefix : prefixes) {
            if (constant.name.startsWith(prefix)) {
              return true;
            }
          }
          return false;
        })
        .toList();
  }

  /** An error by its positive number, or null. */
  @Nullable Failure error(long number) {
    return errors.get(number);
  }

  /** A struct by its whole name, for example {@code struct stat}, or null. */
  @Nullable Struct struct(String name) {
    return structs.get(name);
  }
}
