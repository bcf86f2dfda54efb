package dev.svc0.fs.testing;

import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.MountException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Damages an image at random and uses it: whatever is wrong must end in an errno or a refused
 * mount, never in an exception, a hang, or a change of the image's length.
 */
public final class Damage {
  private static final int MOST_ENTRIES = 300;

  private final Random random;
  private final Path image;
  private final List<Long> interestingBlocks;
  private final int blockSize;
  private int entries;

  /** What became of a damaged image. */
  public enum Outcome {
    REFUSED,
    USED
  }

  public Damage(Path pristine, Path image, long seed, int blockSize, List<Long> blocks)
      throws IOException {
    Files.copy(pristine, image, StandardCopyOption.REPLACE_EXISTING);
    this.image = image;
    this.random = new Random(seed);
    this.blockSize = blockSize;
    this.interestingBlocks = blocks;
    spoil();
  }

  private void spoil() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      int spots = 1 + random.nextInt(6);
      for (int i = 0; i < spots; i++) {
        long block = interestingBlocks.get(random.nextInt(interestingBlocks.size()));
        long at = block * blockSize + spot(blockSize);
        byte[] bytes = new byte[1 << random.nextInt(5)];
        if (random.nextInt(3) == 0) {
          java.util.Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0xff : 0));
        } else {
          random.nextBytes(bytes);
        }
        file.seek(Math.min(at, file.length() - bytes.length));
        file.write(bytes);
      }
    }
  }

  private int spot(int size) {
    return random.nextInt(3) == 0 ? random.nextInt(64) : random.nextInt(size);
  }

  /** Mounts and uses it, in a thread of its own with a time limit. */
  public Outcome use(String type) throws Exception {
    long length = Files.size(image);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Outcome> outcome = new AtomicReference<>();
    Thread thread =
        new Thread(() -> {
          try {
            outcome.set(mountAndUse(type));
          } catch (Throwable e) {
            failure.set(e);
          }
        });
    thread.setDaemon(true);
    thread.start();
    thread.join(30_000);
    if (thread.isAlive()) {
      AssertionError hang = new AssertionError("still running after 30 s");
      hang.setStackTrace(thread.getStackTrace());
      throw hang;
    }
    if (failure.get() != null) {
      throw new AssertionError("an exception instead of an errno", failure.get());
    }
    if (Files.size(image) != length) {
      throw new AssertionError("the image changed its length");
    }
    return outcome.get();
  }

  private Outcome mountAndUse(String type) throws IOException {
    TestKernel kernel;
    try {
      kernel = TestKernel.mount(image, type, "");
    } catch (MountException e) {
      if (e.getMessage().length() < 20) {
        throw new AssertionError("no reason given: " + e.getMessage());
      }
      return Outcome.REFUSED;
    }
    try {
      List<String> paths = new ArrayList<>();
      visit(kernel, "", paths, 0);
      for (String path : paths) {
        touch(kernel, path);
      }
      for (int i = 0; i < 20; i++) {
        kernel.write("/new" + i, random.nextInt(100_000), new byte[random.nextInt(20_000)]);
        kernel.mkdir("/newdir" + i);
        kernel.rename("/new" + i, "/newdir" + i + "/x");
      }
      for (String path : paths) {
        kernel.unlink(path);
        kernel.rmdir(path);
      }
    } finally {
      kernel.closeIgnoringErrors();
    }
    return Outcome.USED;
  }

  private void visit(TestKernel kernel, String path, List<String> paths, int depth) {
    long[] error = new long[1];
    File file = kernel.open(path + "/", Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, error);
    if (file == null) {
      return;
    }
    List<String> names = new ArrayList<>();
    DirContext context =
        new DirContext() {
          @Override
          public boolean emit(String name, long next, long inode, int type) {
            names.add(name);
            return ++entries < MOST_ENTRIES;
          }
        };
    for (int i = 0; i < 20 && entries < MOST_ENTRIES; i++) {
      file.operations().iterate(file, context);
    }
    file.put();
    for (String name : names) {
      if (!name.equals(".") && !name.equals("..") && !name.isEmpty()) {
        paths.add(path + "/" + name);
        if (depth < 6 && paths.size() < MOST_ENTRIES) {
          visit(kernel, path + "/" + name, paths, depth + 1);
        }
      }
    }
  }

  private void touch(TestKernel kernel, String path) {
    long[] error = new long[1];
    kernel.ask(
        path,
        inode -> {
          inode.operations().getLink(inode, kernel, error);
          inode.operations().listxattr(inode);
          inode.operations().getxattr(inode, "user.a", error);
          return 0;
        });
    File file = kernel.open(path, Fcntl.O_RDWR | Fcntl.O_NONBLOCK, error);
    if (file == null) {
      return;
    }
    if (file.inode().isRegular()) {
      long size = file.inode().size();
      kernel.read(file, 0, (int) Math.min(size, 200_000), error);
      kernel.read(file, Math.max(0, size - 5000), 5000, error);
      kernel.write(file, size, new byte[100], 0, 100);
      kernel.write(file, random.nextInt(300_000), new byte[3000], 0, 3000);
      kernel.truncate(path, random.nextInt(50_000));
    }
    file.put();
  }
}
