package dev.svc0.fs.devfs;

import com.google.auto.service.AutoService;
import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.HostRandom;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.Vfs;
import dev.svc0.runtime.vfs.VfsModule;
import org.jspecify.annotations.Nullable;

/** Character devices of major 1. <i>Linux:</i> drivers/char/mem.c, drivers/char/random.c. */
@AutoService(VfsModule.class)
@Traced(layer = Traced.Layer.DRIVER)
public final class MemoryDevices implements VfsModule {
  private static final int MAJOR = 1;
  private static final int CHUNK = 4096;

  private static final FileOperations NULL = new Null();
  private static final FileOperations ZERO = new Zero();
  private static final FileOperations FULL = new Full();
  private static final FileOperations RANDOM = new Random();
  private static final FileOperations KERNEL_LOG = new KernelLog();

  @Override
  public void init(Vfs vfs) {
    vfs.specialFiles().registerCharacterDevices(MAJOR, new Memory());
  }

  /** Leads to the device of the minor number. */
  private static final class Memory implements FileOperations {
    @Override
    public @Nullable FileOperations operationsOf(Inode inode) {
      return switch (inode.rdev & 0xfffff) {
        case 3 -> NULL;
        case 5 -> ZERO;
        case 7 -> FULL;
        case 8, 9 -> RANDOM;
        case 11 -> KERNEL_LOG;
        default -> null;
      };
    }
  }

  /** Position stays where it is: seeking is allowed and means nothing. */
  private abstract static class MemoryDevice implements FileOperations {
    @Override
    public final long open(Inode inode, File file, Caller caller) {
      file.mode |= File.FMODE_UNSIGNED_OFFSET | File.FMODE_NOWAIT;
      return 0;
    }

    @Override
    public final long llseek(File file, long offset, int whence) {
      file.position = 0;
      return 0;
    }
  }

  /** /dev/null. */
  private static final class Null extends MemoryDevice {
    @Override
    public int supplies() {
      return READ | WRITE | WRITE_ITER;
    }

    @Override
    @Traced("read_null")
    public long read(Kiocb kiocb, long userBuffer, long bytes) {
      return 0;
    }

    @Override
    @Traced("write_null")
    public long write(Kiocb kiocb, long userBuffer, long bytes) {
      return bytes;
    }

    @Override
    @Traced("write_iter_null")
    public long writeIter(Kiocb kiocb, IovIter from) {
      long bytes = from.count();
      from.advance(bytes);
      return bytes;
    }
  }

  private static long readZeroes(IovIter to) {
    long done = 0;
    while (to.count() > 0) {
      long wanted = Math.min(CHUNK, to.count());
      long written = to.zero(wanted);
      done += written;
      if (written < wanted) {
        return done == 0 ? -Errno.EFAULT : done;
      }
    }
    return done;
  }

  /** /dev/zero. */
  private static final class Zero extends MemoryDevice {
    @Override
    public int supplies() {
      return READ_ITER | WRITE;
    }

    @Override
    @Traced("read_iter_zero")
    public long readIter(Kiocb kiocb, IovIter to) {
      return readZeroes(to);
    }

    @Override
    @Traced("write_null")
    public long write(Kiocb kiocb, long userBuffer, long bytes) {
      return bytes;
    }

    /** A mapping of it is anonymous memory: the memory calls see to that. */
    @Override
    public @Nullable VmBacking mmap(File file, boolean shared, long[] error) {
      error[0] = 0;
      return null;
    }
  }

  /** /dev/full. */
  private static final class Full extends MemoryDevice {
    @Override
    public int supplies() {
      return READ_ITER | WRITE;
    }

    @Override
    @Traced("read_iter_zero")
    public long readIter(Kiocb kiocb, IovIter to) {
      return readZeroes(to);
    }

    @Override
    @Traced("write_full")
    public long write(Kiocb kiocb, long userBuffer, long bytes) {
      return -Errno.ENOSPC;
    }
  }

  /** /dev/random and /dev/urandom. */
  private static final class Random extends MemoryDevice {
    @Override
    public int supplies() {
      return READ | WRITE;
    }

    @Override
    @Traced("random_read_iter")
    public long read(Kiocb kiocb, long userBuffer, long bytes) {
      byte[] chunk = new byte[(int) Math.min(CHUNK, bytes)];
      long done = 0;
      while (done < bytes) {
        int wanted = (int) Math.min(chunk.length, bytes - done);
        HostRandom.fill(chunk, wanted);
        int left = kiocb.caller.memory().copyToUser(userBuffer + done, chunk, 0, wanted);
        done += wanted - left;
        if (left > 0) {
          return done == 0 ? -Errno.EFAULT : done;
        }
      }
      return done;
    }

    /** What is written is thrown away: the host's generator needs none of it. */
    @Override
    @Traced("random_write_iter")
    public long write(Kiocb kiocb, long userBuffer, long bytes) {
      return bytes;
    }
  }

  /** /dev/kmsg: there is no kernel log to read; what is written is taken and dropped. */
  private static final class KernelLog extends MemoryDevice {
    @Override
    public int supplies() {
      return READ | WRITE;
    }

    @Override
    public long read(Kiocb kiocb, long userBuffer, long bytes) {
      return -Errno.EAGAIN;
    }

    @Override
    public long write(Kiocb kiocb, long userBuffer, long bytes) {
      return bytes;
    }
  }
}
