package dev.svc0.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Programs of a Debian root that {@code svc0 bench} runs, and their input. */
final class BenchPrograms {
  private static final int FILES = 1000;
  private static final int SOURCES = 12;
  private static final int MEBIBYTE = 1 << 20;
  private static final int WORDS = 4096;
  private static final int LINE = 12;

  private static final String PYTHON =
      """
      import sys
      def calls(n): return n if n < 2 else calls(n - 1) + calls(n - 2)
      def sieve(n):
          s = [True] * n
          for i in range(2, int(n ** .5) + 1):
              if s[i]:
                  for j in range(i * i, n, i): s[j] = False
          return sum(s)
      def words(n):
          d = {}
          for i in range(n):
              w = 'w%d' % (i % 1000)
              d[w] = d.get(w, 0) + 1
          return len(d)
      print({'calls': calls, 'sieve': sieve, 'words': words}[sys.argv[1]](int(sys.argv[2])))
      """;

  private static final String GIT =
      """
      set -e
      rm -rf repository && mkdir repository && cd repository
      export HOME=$PWD GIT_CONFIG_NOSYSTEM=1 GIT_TEMPLATE_DIR=/nonexistent
      git init -q . && git config user.email a@b.c && git config user.name bench
      for round in 1 2 3; do
        cp ../files/* . && echo $round >round
        git add . && git commit -q -m "round $round"
      done
      git gc -q
      """;

  /** A repository that people work with: this checkout's own. */
  private static final String REAL_GIT =
      """
      set -e
      export HOME=$PWD GIT_CONFIG_NOSYSTEM=1 GIT_TEMPLATE_DIR=/nonexistent
      rm -rf copy.git && cp -r real.git copy.git
      git --git-dir=copy.git gc -q --aggressive --prune=now
      """;

  private static final String LOOP = "i=0; while [ $i -lt $1 ]; do $2; i=$((i+1)); done\n";

  private static final String SOURCE =
      """
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      static int order(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }
      int part(int count, char **words) {
        char text[256];
        qsort(words, count, sizeof *words, order);
        for (int i = 0; i < count; i++) {
          snprintf(text, sizeof text, "%d %s", i, words[i]);
          if (strstr(text, "x") && strlen(text) > 20) puts(text);
        }
        return count > 3 ? atoi(text) : 0;
      }
      """;

  /** Rows that something is promised of. */
  static final String FORKS = "1000 fork+exec";

  static final String MAKE = "make -j2 with gcc";

  /** The row that needs {@code real.git}. */
  static final String REAL = "git gc --aggressive";

  private BenchPrograms() {}

  /**
   * A command, the same for every rival but for the folder that stands for {@code @ROOT@}.
   *
   * @param name in the table
   * @param command the program, looked up in the rival's usr/bin, and its arguments
   * @param others the programs that it starts
   */
  record Workload(String name, List<String> command, List<String> others) {
    String program() {
      return command.getFirst();
    }

    /** Whether it starts other programs. */
    boolean spawns() {
      return !others.isEmpty();
    }

    /** All that it needs, the program itself first. */
    List<String> programs() {
      return Stream.concat(Stream.of(program()), others.stream()).toList();
    }

    /** Arguments with the rival's root. */
    List<String> arguments(String root) {
      return command.stream().skip(1).map(word -> word.replace("@ROOT@", root)).toList();
    }
  }

  /** All of them; a scale of 1 takes {@code qemu-aarch64} some seconds each. */
  static List<Workload> all(int scale) {
    List<Workload> all = new ArrayList<>();
    add(all, "sha256sum", "sha256sum data");
    add(all, "gzip -9", "gzip -9 -c data");
    add(all, "xz -1", "xz -1 -T1 -c data");
    all.add(
        new Workload(
            "sqlite3",
            List.of(
                "sqlite3",
                ":memory:",
                "create table t(a integer primary key, b text, c real);"
                    + "with recursive n(i) as (select 1 union all select i+1 from n where i<"
                    + 100_000 * scale
                    + ") insert into t select i, printf('%d-x', i), i*1.5 from n;"
                    + "create index q on t(b); select count(*), sum(length(b)), avg(c) from t;"),
            List.of()));
    add(all, "python3 calls", "python3 bench.py calls " + (scale == 1 ? 31 : 35));
    add(all, "python3 sieve", "python3 bench.py sieve " + 2_000_000 * scale);
    add(all, "python3 words", "python3 bench.py words " + 700_000 * scale);
    all.add(new Workload("git commit and gc", List.of("sh", "git.sh"), List.of("git")));
    all.add(new Workload(REAL, List.of("sh", "real-git.sh"), List.of("git")));
    return all;
  }

  /** What openssl measures itself: how long 8 KiB take. */
  static List<Workload> ciphers(double seconds) {
    List<Workload> all = new ArrayList<>();
    for (String cipher : List.of("sha256", "sha512", "aes-128-gcm", "chacha20-poly1305")) {
      add(
          all,
          "openssl " + cipher,
          "openssl speed -mr -bytes 8192 -seconds "
              + Math.max(3, Math.round(seconds)) // an emulator becomes faster for a while
              + " -evp "
              + cipher);
    }
    return all;
  }

  /** Programs that are over at once. */
  static List<Workload> brief() {
    List<Workload> all = new ArrayList<>();
    add(all, "true", "true");
    add(all, "ls -lR 1000 files", "ls -lR files");
    all.add(
        new Workload(
            FORKS, List.of("sh", "loop.sh", "1000", "@ROOT@/usr/bin/true"), List.of("true")));
    all.add(
        new Workload(MAKE, List.of("make", "-B", "-s", "-j2", "-C", "project"), List.of("gcc")));
    return all;
  }

  private static void add(List<Workload> to, String name, String command) {
    to.add(new Workload(name, List.of(command.split(" ")), List.of()));
  }

  /** Makes the input of {@link #all} in a folder. */
  static void prepareLong(Path folder, int scale) throws IOException {
    Files.writeString(folder.resolve("bench.py"), PYTHON);
    Files.writeString(folder.resolve("git.sh"), GIT);
    Files.writeString(folder.resolve("real-git.sh"), REAL_GIT);
    Random random = new Random(1);
    writeText(folder.resolve("data"), 20L * scale * MEBIBYTE, random);
    writeFiles(folder, random);
  }

  private static void writeFiles(Path folder, Random random) throws IOException {
    Path files = folder.resolve("files");
    if (Files.exists(files)) {
      return;
    }
    Files.createDirectory(files);
    for (int i = 0; i < FILES; i++) {
      writeText(files.resolve("file" + i), 1 + i, random);
    }
  }

  /** Makes the input of {@link #brief} in a folder. */
  static void prepareBrief(Path folder) throws IOException {
    Files.writeString(folder.resolve("loop.sh"), LOOP);
    writeFiles(folder, new Random(2));
    Path project = Files.createDirectory(folder.resolve("project"));
    StringBuilder objects = new StringBuilder();
    for (int i = 0; i < SOURCES; i++) {
      Files.writeString(project.resolve("p" + i + ".c"), SOURCE.replace("part", "part" + i));
      objects.append(" p").append(i).append(".o");
    }
    Files.writeString(
        project.resolve("Makefile"), "all:" + objects + "\n%.o: %.c\n\tgcc -O1 -c $<\n");
  }

  /** Lines of words, some much more frequent than others: packs about as prose does. */
  private static void writeText(Path file, long bytes, Random random) throws IOException {
    try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
      long left = bytes;
      for (int word = 1; left > 0; word++) {
        int number = (int) (WORDS * Math.pow(random.nextDouble(), 3));
        String text = Integer.toString(number * 7919, 36) + (word % LINE == 0 ? "\n" : " ");
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        int step = (int) Math.min(left, ascii.length);
        out.write(ascii, 0, step);
        left -= step;
      }
    }
  }
}
