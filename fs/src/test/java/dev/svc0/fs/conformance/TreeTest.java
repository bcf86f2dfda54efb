package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.calls.DirectoryCalls;
import dev.svc0.runtime.calls.MountCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.StatCalls;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Path;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** /dev, /proc, mounts and the overlay, as a program sees them. */
class TreeTest {
  private static final int CWD = Fcntl.AT_FDCWD;

  @TempDir java.nio.file.Path host;

  private static void mount(Machine machine, String where, String type) throws Exception {
    NameCalls.mkdirat(machine.task, CWD, machine.string(where), 0755);
    Path place = Namei.kernPath(machine.task, where, Lookup.FOLLOW, new long[1]);
    machine.vfs.mountAt(place, type, type, null, 0, "");
  }

  private static long open(Machine machine, String name, int flags) {
    return OpenCalls.openat(machine.task, CWD, machine.string(name), flags, 0644);
  }

  private static String read(Machine machine, String name) {
    int fd = (int) open(machine, name, Fcntl.O_RDONLY);
    assertThat(fd).as("open " + name).isNotNegative();
    StringBuilder text = new StringBuilder();
    for (long got; (got = ReadWriteCalls.read(machine.task, fd, machine.buffer(), 4096)) != 0; ) {
      assertThat(got).as("read " + name).isPositive();
      text.append(machine.get(got));
    }
    OpenCalls.close(machine.task, fd);
    return text.toString();
  }

  private static long write(Machine machine, String name, int flags, String text) {
    int fd = (int) open(machine, name, Fcntl.O_WRONLY | flags);
    if (fd < 0) {
      return fd;
    }
    machine.put(text);
    long result = ReadWriteCalls.write(machine.task, fd, machine.buffer(), text.length());
    OpenCalls.close(machine.task, fd);
    return result;
  }

  @Test
  void devicesAnswerAsTheirNamesSay() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      mount(machine, "/dev", "devfs");
      assertThat(read(machine, "/dev/null")).isEmpty();
      assertThat(write(machine, "/dev/null", 0, "gone")).isEqualTo(4);
      assertThat(write(machine, "/dev/full", 0, "x")).isEqualTo(-Errno.ENOSPC);
      int zero = (int) open(machine, "/dev/zero", Fcntl.O_RDONLY);
      machine.put("garbage");
      assertThat(ReadWriteCalls.read(machine.task, zero, machine.buffer(), 7)).isEqualTo(7);
      assertThat(machine.get(7)).isEqualTo("\0".repeat(7));
      int random = (int) open(machine, "/dev/urandom", Fcntl.O_RDONLY);
      assertThat(ReadWriteCalls.read(machine.task, random, machine.buffer(), 64)).isEqualTo(64);
      String first = machine.get(64);
      ReadWriteCalls.read(machine.task, random, machine.buffer(), 64);
      assertThat(machine.get(64)).isNotEqualTo(first);
      assertThat(open(machine, "/dev/tty", Fcntl.O_RDWR)).isEqualTo(-Errno.ENXIO);
    }
  }

  @Test
  void procShowsTheProcessThatReadsIt() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      mount(machine, "/proc", "proc");
      int pid = machine.task.pid();
      assertThat(read(machine, "/proc/self/stat")).startsWith(pid + " (test) ");
      assertThat(read(machine, "/proc/self/stat").split(" ")).hasSize(52);
      assertThat(read(machine, "/proc/" + pid + "/status")).contains("Pid:\t" + pid + "\n");
      assertThat(read(machine, "/proc/mounts"))
          .isEqualTo(
              "none / tmpfs rw"
                  + machine.vfs.root().mount().superBlock().showOptions()
                  + " 0 0\nproc /proc proc rw 0 0\n");
      assertThat(read(machine, "/proc/meminfo")).startsWith("MemTotal:");
      assertThat(read(machine, "/proc/self/maps")).contains(" rw-p 00000000 00:00 0");
      write(machine, "/file", Fcntl.O_CREAT, "content");
      int fd = (int) open(machine, "/file", Fcntl.O_RDONLY);
      assertThat(read(machine, "/proc/self/fd/" + fd)).isEqualTo("content");
      NameCalls.unlinkat(machine.task, CWD, machine.string("/file"), 0);
      assertThat(read(machine, "/proc/self/fd/" + fd)).isEqualTo("content");
      assertThat(open(machine, "/proc/99999", Fcntl.O_RDONLY)).isEqualTo(-Errno.ENOENT);
      assertThat(open(machine, "/proc/self/fd/77", Fcntl.O_RDONLY)).isEqualTo(-Errno.ENOENT);
    }
  }

  /** The lines of a text whose first letter is a capital, without their numbers and flags. */
  private static List<String> shapes(Stream<String> lines) {
    return lines
        .filter(line -> Character.isUpperCase(line.charAt(0)))
        .map(line -> line.replaceAll("(?<=VmFlags: ).*", "").replaceAll("\\d", " "))
        .distinct()
        .toList();
  }

  /** Fields that only some configurations of Linux have; arm64 has none of them. */
  private static List<String> hostShapes(String file) throws Exception {
    try (Stream<String> lines = Files.lines(java.nio.file.Path.of(file))) {
      return shapes(lines.filter(line -> !line.startsWith("ProtectionKey")));
    }
  }

  @Test
  void smapsHasTheFieldsOfLinuxAndCountsPages() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      mount(machine, "/proc", "proc");
      int prot = MmapConstants.PROT_READ | MmapConstants.PROT_WRITE;
      int flags = MmapConstants.MAP_SHARED | MmapConstants.MAP_ANONYMOUS;
      long shared = machine.task.memory().mmap(0, 65536, prot, flags, null, 0);
      machine.task.memory().writeInt(shared, 1);
      machine.task.memory().readInt(shared + 4096);
      String smaps = read(machine, "/proc/self/smaps");
      assertThat(shapes(smaps.lines())).isEqualTo(hostShapes("/proc/self/smaps"));
      assertThat(smaps.substring(smaps.indexOf(String.format("%08x-", shared))))
          .containsSubsequence(
              "/dev/zero (deleted)\nSize:                 64 kB\n",
              "Rss:                   8 kB\nPss:                   8 kB\n",
              "Private_Clean:         4 kB\nPrivate_Dirty:         4 kB\n",
              "Anonymous:             0 kB\n",
              "VmFlags: rd wr sh mr mw me ms \n");
      String rollup = read(machine, "/proc/self/smaps_rollup");
      assertThat(shapes(rollup.lines())).isEqualTo(hostShapes("/proc/self/smaps_rollup"));
      assertThat(rollup.indexOf("[rollup]\n")).isEqualTo(73);
      assertThat(rollup).contains("\nPss_Shmem:             8 kB\n");
    }
  }

  @Test
  void mountsCoverAndUncover() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      NameCalls.mkdirat(machine.task, CWD, machine.string("/m"), 0755);
      write(machine, "/m/below", Fcntl.O_CREAT, "below");
      long mounted =
          MountCalls.mount(
              machine.task,
              machine.string("x"),
              machine.string("/m"),
              machine.string("tmpfs"),
              0,
              machine.string("size=16k"));
      assertThat(mounted).isZero();
      assertThat(open(machine, "/m/below", Fcntl.O_RDONLY)).isEqualTo(-Errno.ENOENT);
      assertThat(write(machine, "/m/big", Fcntl.O_CREAT, "z".repeat(20000))).isEqualTo(16384);
      assertThat(write(machine, "/m/big", Fcntl.O_APPEND, "z")).isEqualTo(-Errno.ENOSPC);
      assertThat(NameCalls.unlinkat(machine.task, CWD, machine.string("/m"), Fcntl.AT_REMOVEDIR))
          .isEqualTo(-Errno.EBUSY);
      DirectoryCalls.chdir(machine.task, machine.string("/m"));
      assertThat(read(machine, "../m/../m/./big")).hasSize(16384);
      long name = StatCalls.getcwd(machine.task, machine.buffer(), 100);
      assertThat(machine.get(name)).isEqualTo("/m\0");
      assertThat(MountCalls.umount2(machine.task, machine.string("/m"), 0)).isEqualTo(-Errno.EBUSY);
      DirectoryCalls.chdir(machine.task, machine.string("/"));
      assertThat(MountCalls.umount2(machine.task, machine.string("/m"), 0)).isZero();
      assertThat(read(machine, "/m/below")).isEqualTo("below");
    }
  }

  @Test
  void theOverlayChangesNothingOnTheHost() throws Exception {
    Files.writeString(host.resolve("file"), "host", StandardCharsets.ISO_8859_1);
    Files.createDirectories(host.resolve("dir/sub"));
    Files.writeString(host.resolve("dir/one"), "1");
    Files.writeString(host.resolve("dir/sub/two"), "2");
    Files.createSymbolicLink(host.resolve("link"), java.nio.file.Path.of("dir/one"));
    String before = snapshot();
    try (Machine machine = Machine.over(host)) {
      assertThat(read(machine, "/file")).isEqualTo("host");
      assertThat(read(machine, "/link")).isEqualTo("1");
      assertThat(write(machine, "/file", Fcntl.O_APPEND, "+guest")).isEqualTo(6);
      assertThat(read(machine, "/file")).isEqualTo("host+guest");
      assertThat(write(machine, "/dir/sub/two", Fcntl.O_TRUNC, "new")).isEqualTo(3);
      assertThat(read(machine, "/dir/sub/two")).isEqualTo("new");
      assertThat(write(machine, "/dir/three", Fcntl.O_CREAT, "3")).isEqualTo(1);
      assertThat(list(machine, "/dir")).isEqualTo(".,..,one,sub,three");
      assertThat(unlink(machine, "/dir/one", 0)).isZero();
      assertThat(list(machine, "/dir")).isEqualTo(".,..,sub,three");
      assertThat(open(machine, "/dir/one", Fcntl.O_RDONLY)).isEqualTo(-Errno.ENOENT);
      assertThat(write(machine, "/dir/one", Fcntl.O_CREAT | Fcntl.O_EXCL, "again")).isEqualTo(5);
      assertThat(read(machine, "/link")).isEqualTo("again");
      assertThat(unlink(machine, "/dir/sub", Fcntl.AT_REMOVEDIR)).isEqualTo(-Errno.ENOTEMPTY);
      assertThat(unlink(machine, "/dir/sub/two", 0)).isZero();
      assertThat(unlink(machine, "/dir/sub", Fcntl.AT_REMOVEDIR)).isZero();
      NameCalls.mkdirat(machine.task, CWD, machine.string("/dir/sub"), 0755);
      assertThat(list(machine, "/dir/sub")).isEqualTo(".,..");
      assertThat(rename(machine, "/dir/three", "/moved")).isZero();
      assertThat(rename(machine, "/file", "/dir/file")).isZero();
      assertThat(read(machine, "/dir/file")).isEqualTo("host+guest");
      assertThat(rename(machine, "/dir", "/other")).isEqualTo(-Errno.EXDEV);
      assertThat(list(machine, "/")).isEqualTo(".,..,dir,link,moved");
    }
    assertThat(snapshot()).isEqualTo(before);
  }

  private static String list(Machine machine, String name) {
    return new Script(machine).run(new String[] {"list", name});
  }

  private static long unlink(Machine machine, String name, int flags) {
    return NameCalls.unlinkat(machine.task, CWD, machine.string(name), flags);
  }

  private static long rename(Machine machine, String from, String to) {
    return NameCalls.renameat2(machine.task, CWD, machine.string(from), CWD, machine.string(to), 0);
  }

  private String snapshot() throws Exception {
    StringBuilder text = new StringBuilder();
    try (var all = Files.walk(host)) {
      for (java.nio.file.Path path : all.sorted().toList()) {
        text.append(host.relativize(path)).append(' ');
        text.append(Files.getLastModifiedTime(path, java.nio.file.LinkOption.NOFOLLOW_LINKS));
        boolean plain = Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        text.append(plain ? Files.readString(path) : "").append('\n');
      }
    }
    return text.toString();
  }
}
