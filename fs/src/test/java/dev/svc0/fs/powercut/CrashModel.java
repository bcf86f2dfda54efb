package dev.svc0.fs.powercut;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What files may look like after a loss of power: each path has versions, null where there is no
 * such file. A mark is set when a version begins to be made, and one when it has been synced.
 */
final class CrashModel {
  private final Map<String, List<byte @Nullable []>> versions = new HashMap<>();

  /** The version of each path that was synced last. */
  private final Map<String, Integer> safe = new HashMap<>();

  /**
   * Names under which a file was known until renames that nobody has synced: a loss of power can
   * bring them back, with what was overwritten since.
   */
  private final Map<String, Set<String>> formerNames = new HashMap<>();

  /** The newest content of a path. */
  byte @Nullable [] now(String path) {
    List<byte @Nullable []> all = versions.get(path);
    return all == null ? null : all.getLast();
  }

  /** A path gets a content; the mark that says that this begins. */
  String begin(String path, byte @Nullable [] content) {
    List<byte @Nullable []> all =
        versions.computeIfAbsent(path, name -> new ArrayList<>(Arrays.asList((byte[]) null)));
    all.add(content);
    return "begin " + path + " " + (all.size() - 1);
  }

  /** A path goes away: the mark that says that this begins. */
  String beginRemoval(String path) {
    formerNames.remove(path);
    return begin(path, null);
  }

  /** The file of a path changes: the marks that say that this begins. */
  List<String> beginChange(String path, byte[] content) {
    List<String> marks = new ArrayList<>();
    for (String former : formerNames.getOrDefault(path, Set.of())) {
      byte[] there = now(former);
      String unused = begin(former, content);
      marks.add(begin(former, there));
    }
    marks.add(begin(path, content));
    return marks;
  }

  /**
   * A path gets the file of another: what of that was never synced is as uncertain under its new
   * name. The mark that says that this begins.
   */
  String beginRename(String from, String to) {
    List<byte @Nullable []> source = versions.get(from);
    for (byte[] version : source.subList(safe.getOrDefault(from, 0), source.size() - 1)) {
      String unused = begin(to, version == null ? new byte[0] : version);
    }
    Set<String> former = new HashSet<>(formerNames.getOrDefault(from, Set.of()));
    former.add(from);
    former.remove(to);
    formerNames.put(to, former);
    return begin(to, source.getLast());
  }

  /** The mark that says that the newest version of a path is safe. */
  String synced(String path) {
    safe.put(path, versions.get(path).size() - 1);
    return "synced " + path + " " + safe.get(path);
  }

  /** The mark that says that all are. */
  String syncedAll() {
    versions.keySet().forEach(this::synced);
    formerNames.clear();
    return "all";
  }

  Iterable<String> paths() {
    return versions.keySet();
  }

  /** Which versions of each path are possible: first and last. */
  Map<String, int[]> possible(List<String> marks) {
    Map<String, int[]> ranges = new HashMap<>();
    for (String path : versions.keySet()) {
      ranges.put(path, new int[2]);
    }
    for (String mark : marks) {
      String[] words = mark.split(" ");
      if (words[0].equals("all")) {
        ranges.values().forEach(range -> range[0] = range[1]);
        continue;
      }
      int[] range = ranges.get(words[1]);
      range[words[0].equals("begin") ? 1 : 0] = Integer.parseInt(words[2]);
    }
    return ranges;
  }

  /** What is wrong with what was found at a path; null when nothing is. */
  @Nullable String judge(String path, int[] range, byte @Nullable [] found) {
    List<byte @Nullable []> all = versions.get(path);
    if (range[0] == range[1]) {
      byte[] only = all.get(range[0]);
      return Arrays.equals(only, found) ? null : path + " was synced: " + difference(only, found);
    }
    boolean mayBeAbsent = false;
    int longest = 0;
    int shortest = Integer.MAX_VALUE;
    for (byte[] version : all.subList(range[0], range[1] + 1)) {
      mayBeAbsent |= version == null;
      longest = Math.max(longest, version == null ? 0 : version.length);
      shortest = Math.min(shortest, version == null ? 0 : version.length);
    }
    if (found == null) {
      return mayBeAbsent ? null : path + " is gone";
    }
    if (found.length > longest || found.length < shortest) {
      return path + " has " + found.length + " bytes, not " + shortest + " to " + longest;
    }
    return judgeBytes(path, all.subList(range[0], range[1] + 1), found);
  }

  private static String difference(byte @Nullable [] expected, byte @Nullable [] found) {
    if (expected == null || found == null) {
      return expected == null ? "it should be gone" : "it is gone";
    }
    int at = Arrays.mismatch(expected, found);
    return "%d bytes, should be %d; first difference at %d: %s, should be %s"
        .formatted(
            found.length,
            expected.length,
            at,
            at < found.length ? found[at] : "end",
            at < expected.length ? expected[at] : "end");
  }

  /** Each byte is that of some version, or a zero: never what lay on the disk before. */
  private static @Nullable String judgeBytes(
      String path, List<byte @Nullable []> candidates, byte[] found) {
    for (int at = 0; at < found.length; at++) {
      byte value = found[at];
      boolean known = value == 0;
      for (int i = candidates.size() - 1; i >= 0 && !known; i--) {
        byte[] version = candidates.get(i);
        known = version != null && at < version.length && version[at] == value;
      }
      if (!known) {
        return path + " has " + value + " at " + at + ", which was never written there";
      }
    }
    return null;
  }
}
