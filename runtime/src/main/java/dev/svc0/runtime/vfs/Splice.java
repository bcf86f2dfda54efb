package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.mm.FrameAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Data between a pipe and another file that the program never sees. <i>Linux:</i> fs/splice.c.
 *
 * <p>Linux moves pages where it can; here they are copied, at most {@value #CHUNK} bytes in one
 * call, which a program cannot tell but by the time it takes. Bytes leave a pipe only when the
 * other side has taken them; another reader of the same pipe must not come in between.
 */
@Traced(layer = Traced.Layer.VFS)
public final class Splice {
  private static final int ORDER = 4;

  /** The most that one call moves. */
  static final int CHUNK = 4096 << ORDER;

  private final SpecialFiles.Pipes pipes;
  private final FrameAllocator frames;
  private final Caller caller;
  private final boolean nonblock;

  private Splice(SpecialFiles.Pipes pipes, FrameAllocator frames, Caller caller, boolean nonblock) {
    this.pipes = pipes;
    this.frames = frames;
    this.caller = caller;
    this.nonblock = nonblock;
  }

  /** For calls of one caller; null when there are no pipes at all. */
  public static @Nullable Splice of(Vfs vfs, Caller caller, int flags) {
    SpecialFiles.Pipes pipes = vfs.specialFiles().pipes();
    boolean nonblock = (flags & Fcntl.SPLICE_F_NONBLOCK) != 0;
    return pipes == null ? null : new Splice(pipes, vfs.frames(), caller, nonblock);
  }

  private boolean mustNotWait(File pipe) {
    return nonblock || (pipe.flags & Fcntl.O_NONBLOCK) != 0;
  }

  /** What is done with a buffer of the kernel. */
  @FunctionalInterface
  private interface Move {
    long with(long buffer);
  }

  private long withBuffer(Move move) {
    long buffer = frames.allocate(ORDER);
    if (buffer < 0 && buffer >= -4095) {
      return -Errno.ENOMEM;
    }
    try {
      return move.with(buffer);
    } finally {
      frames.free(buffer, ORDER);
    }
  }

  /** From a pipe to a file at a position, which moves. Bytes or −errno. */
  @Traced("do_splice_from")
  public long fromPipe(File pipe, File out, long[] position, long bytes) {
    return withBuffer(buffer -> {
      long got = pipes.peek(pipe, caller, buffer, Math.min(bytes, CHUNK), mustNotWait(pipe));
      if (got <= 0) {
        return got;
      }
      long put = ReadWrite.kernelWrite(out, caller, buffer, got, position);
      if (put <= 0) {
        return put;
      }
      pipes.consume(pipe, put);
      if (put < got) {
        // Linux goes on with the rest, which tells why it was not taken: SIGXFSZ at the limit.
        long more = ReadWrite.kernelWrite(out, caller, buffer + put, got - put, position);
        if (more > 0) {
          pipes.consume(pipe, more);
          put += more;
        }
      }
      return put;
    });
  }

  /** From a file at a position, which moves, to a pipe. Bytes or −errno. */
  @Traced("do_splice_read")
  public long toPipe(File in, long[] position, File pipe, long bytes) {
    long room = pipes.room(pipe, caller, mustNotWait(pipe));
    if (room <= 0) {
      return room;
    }
    return withBuffer(buffer -> {
      long got =
          ReadWrite.kernelRead(
              in, caller, buffer, Math.min(Math.min(bytes, CHUNK), room), position);
      return got <= 0 ? got : ReadWrite.kernelWrite(pipe, caller, buffer, got, new long[1]);
    });
  }

  /**
   * From a pipe to another one.
   *
   * @param keep the bytes stay in the first one too
   */
  @Traced("splice_pipe_to_pipe")
  public long betweenPipes(File from, File to, long bytes, Keep keep) {
    long room = pipes.room(to, caller, mustNotWait(to));
    if (room <= 0) {
      return room;
    }
    return withBuffer(buffer -> {
      long most = Math.min(Math.min(bytes, CHUNK), room);
      long got = pipes.peek(from, caller, buffer, most, mustNotWait(from));
      if (got <= 0) {
        return got;
      }
      long put = ReadWrite.kernelWrite(to, caller, buffer, got, new long[1]);
      if (put > 0 && keep == Keep.NO) {
        pipes.consume(from, put);
      }
      return put;
    });
  }

  /** Whether bytes stay where they come from. */
  public enum Keep {
    YES,
    NO
  }
}
