package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.hostfs.HostFileSystemType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.calls.AttributeCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host folder shows nothing but itself, whoever changes it meanwhile, and never makes us wait.
 */
@Timeout(240)
class HostSafetyTest {
  private static final int CWD = Fcntl.AT_FDCWD;
  private static final int RACES = 400;
  private static final int FILES = 700;

  @TempDir Path host;
  private Path shown;
  private Machine machine;

  @BeforeEach
  void start() throws Exception {
    shown = Files.createDirectory(host.resolve("shown"));
    Files.writeString(host.resolve("secret"), "secret");
    Files.createDirectory(host.resolve("outside"));
    Files.writeString(host.resolve("outside/file"), "secret");
    machine = new Machine("tmpfs", "");
    NameCalls.mkdirat(machine.task, CWD, machine.string("/mnt"), 0755);
    var place = Namei.kernPath(machine.task, "/mnt", Lookup.FOLLOW, new long[1]);
    machine.vfs.mountAt(place, "hostfs", shown.toString(), null, 0, HostFileSystemType.TRUSTED);
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private long open(String path, int flags) {
    return OpenCalls.openat(machine.task, CWD, machine.string(path), flags, 0644);
  }

  private String read(String path) {
    long fd = open(path, Fcntl.O_RDONLY);
    if (fd < 0) {
      return Errno.nameOf((int) -fd);
    }
    long got = ReadWriteCalls.read(machine.task, (int) fd, machine.buffer(), 100);
    OpenCalls.close(machine.task, (int) fd);
    return got < 0 ? Errno.nameOf((int) -got) : machine.get(got);
  }

  @Test
  void linksThatLeadOutsideLeadIntoTheGuestInstead() throws Exception {
    Files.createSymbolicLink(shown.resolve("up"), Path.of("../secret"));
    Files.createSymbolicLink(shown.resolve("absolute"), host.resolve("secret"));
    Files.createSymbolicLink(shown.resolve("folder"), Path.of("../outside"));
    assertThat(read("/mnt/up")).isEqualTo("ENOENT");
    assertThat(read("/mnt/absolute")).isEqualTo("ENOENT");
    assertThat(read("/mnt/folder/file")).isEqualTo("ENOENT");
    assertThat(read("/mnt/../mnt/../secret")).isEqualTo("ENOENT");
  }

  /** Its last name is gone, and there is no other way to it than the open file. */
  @Test
  void anOpenFileWithoutANameStillChanges() throws Exception {
    int fd = (int) open("/mnt/file", Fcntl.O_CREAT | Fcntl.O_RDWR);
    assertThat(fd).isNotNegative();
    assertThat(NameCalls.unlinkat(machine.task, CWD, machine.string("/mnt/file"), 0)).isZero();
    assertThat(AttributeCalls.ftruncate(machine.task, fd, 5000)).isZero();
    assertThat(AttributeCalls.fchmod(machine.task, fd, 0600)).isZero();
    int user = (Integer) Files.getAttribute(shown, "unix:uid");
    int group = (Integer) Files.getAttribute(shown, "unix:gid");
    assertThat(AttributeCalls.fchown(machine.task, fd, user, group)).isZero();
    assertThat(AttributeCalls.utimensat(machine.task, fd, 0, 0, 0)).isZero();
    assertThat(ReadWriteCalls.pread64(machine.task, fd, machine.buffer(), 100, 4950)).isEqualTo(50);
    assertThat(read("/mnt/file")).isEqualTo("ENOENT");
    OpenCalls.close(machine.task, fd);
  }

  /** Somebody on the host swaps a folder for a link to the outside, all the time. */
  @Test
  void aFolderThatBecomesALinkNeverLeadsOutside() throws Exception {
    Path folder = Files.createDirectory(shown.resolve("folder"));
    Files.writeString(folder.resolve("file"), "inside");
    Path link = Files.createSymbolicLink(host.resolve("link"), Path.of("../outside"));
    Path place = shown.resolve("folder");
    Path aside = host.resolve("aside");
    AtomicBoolean over = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!over.get()) {
                  Files.move(place, aside);
                  Files.move(link, place);
                  Files.move(place, link);
                  Files.move(aside, place);
                }
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    try {
      for (int i = 0; i < RACES; i++) {
        assertThat(read("/mnt/folder/file")).isIn("inside", "ENOENT", "ENOTDIR", "ELOOP", "ESTALE");
        assertThat(open("/mnt/folder/new" + i, Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_PATH))
            .isLessThanOrEqualTo(1000);
      }
    } finally {
      over.set(true);
      swapper.join();
    }
    try (var outside = Files.list(host.resolve("outside"))) {
      assertThat(outside.map(path -> path.getFileName().toString())).containsExactly("file");
    }
  }

  @Test
  void aFifoOfTheHostIsNotWaitedFor() throws Exception {
    Path fifo = shown.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    // The guest's own FIFO has that name: it has no writer, and the host's is never opened.
    long fd = open("/mnt/fifo", Fcntl.O_RDONLY | Fcntl.O_NONBLOCK);
    assertThat(fd).isNotNegative();
    assertThat(ReadWriteCalls.read(machine.task, (int) fd, machine.buffer(), 10)).isZero();
    assertThat(open("/mnt/fifo", Fcntl.O_WRONLY | Fcntl.O_NONBLOCK)).isNotNegative();
  }

  /** Content descriptors of files that nobody has open are given back. */
  @Test
  void manyFilesUseFewDescriptors() throws Exception {
    for (int i = 0; i < FILES; i++) {
      Files.writeString(shown.resolve("file" + i), "text" + i);
    }
    long before = descriptors();
    for (int i = 0; i < FILES; i++) {
      assertThat(read("/mnt/file" + i)).isEqualTo("text" + i);
    }
    assertThat(descriptors() - before).isLessThanOrEqualTo(300);
    for (int i = 0; i < FILES; i++) {
      assertThat(read("/mnt/file" + i)).isEqualTo("text" + i);
    }
  }

  private static long descriptors() throws Exception {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
