package dev.svc0.runtime.trace.format;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of programs as symbols and lines of their sources, with the help of what a capture says
 * about which files were mapped where. Not for use by several threads.
 */
public final class Locations {
  private final Function<String, byte @Nullable []> files;
  private final Map<String, Optional<ProgramSource>> sources;
  private final @Nullable Operations operations;

  private Locations(
      Function<String, byte @Nullable []> files,
      Map<String, Optional<ProgramSource>> sources,
      @Nullable Operations operations) {
    this.files = files;
    this.sources = sources;
    this.operations = operations;
  }

  /**
   * With a way to the files of the guest.
   *
   * @param files the content of a path, or null
   */
  public static Locations of(Function<String, byte @Nullable []> files) {
    return new Locations(files, new HashMap<>(), null);
  }

  /** Numbers only. */
  public static Locations none() {
    return of(path -> null);
  }

  /** The same for a capture. */
  Locations in(Operations known) {
    return new Locations(files, sources, known);
  }

  /** For example {@code main+0x24 (prog.c:17)}; an address alone when nothing is known of it. */
  public String at(int pid, long afterCall) {
    Operations.CodeMap map = operations == null ? null : operations.mapAt(pid, afterCall - 4);
    if (map == null) {
      return "0x" + Long.toHexString(afterCall);
    }
    Optional<ProgramSource> source =
        sources.computeIfAbsent(
            map.path(),
            path -> {
              byte[] content = files.apply(path);
              return content == null ? Optional.empty() : Optional.of(ProgramSource.of(content));
            });
    String name = map.path().substring(map.path().lastIndexOf('/') + 1);
    if (source.isEmpty()) {
      long inFile = afterCall - map.start() + map.offset();
      return name + "+0x" + Long.toHexString(inFile);
    }
    long linked = source.get().linkedAddress(afterCall - map.start() + map.offset());
    return source.get().at(linked) + " in " + name;
  }
}
