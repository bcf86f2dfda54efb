package dev.svc0.runtime.tty;

import dev.svc0.runtime.sched.KernelThread;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that svc0 itself runs in, as a device of the guest. While it is taken it is in raw
 * mode; {@link #close} puts it back as it was, and so does the end of the JVM by any signal that it
 * can hear, and {@link TerminalGuard} after any other.
 *
 * <p>Two threads stand between: one reads what is typed as long as the guest has room, one writes
 * so that a terminal that does not go on holds up no lock.
 */
public final class HostTerminal implements TtyDriver, AutoCloseable {
  /** As a paravirtual console: major 229, minor 0. */
  public static final int DEVICE = 229 << 20;

  /** Name of the device node. */
  public static final String NAME = "hvc0";

  private static final int BUFFER = 65536;
  private static final int INPUT_CHUNK = 1024;
  private static final long DRAIN_SECONDS = 5;

  private final FileInputStream in = new FileInputStream(FileDescriptor.in);
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final HostTermios host;
  private final Tty tty = new Tty(DEVICE, this);
  private final Thread emergency = new Thread(this::restore, "svc0-terminal");
  private final Object inputRoom = new Object();
  private final @Nullable TerminalGuard guard;

  // Output on its way; protected by this object's monitor.
  private byte[] waiting = new byte[BUFFER];
  private byte[] writing = new byte[BUFFER];
  private int waitingBytes;
  private int writingBytes;
  private boolean broken;
  private boolean closed;

  private HostTerminal(HostTermios host) {
    this.host = host;
    String path = HostTermios.path();
    this.guard = path == null ? null : TerminalGuard.watch(host.originalSettings(), path);
  }

  /**
   * Takes the terminal when standard input and output are one and svc0 runs in its foreground.
   *
   * @return null when they are not
   */
  public static @Nullable HostTerminal take() {
    HostTermios host = HostTermios.ofStandardInput();
    if (host == null || !host.makeRaw()) {
      return null;
    }
    HostTerminal terminal = new HostTerminal(host);
    Runtime.getRuntime().addShutdownHook(terminal.emergency);
    terminal.begin();
    return terminal;
  }

  private void begin() {
    tty.setWindow(host.windowSize());
    HostSignals.handle("WINCH", () -> tty.setWindow(host.windowSize()));
    HostSignals.handle("CONT", host::makeRaw);
    new KernelThread(this::readInput, "terminal-in").start();
    new KernelThread(this::writeOutput, "terminal-out").start();
  }

  /** The guest's side. */
  public Tty tty() {
    return tty;
  }

  private void readInput() {
    byte[] chunk = new byte[INPUT_CHUNK];
    try {
      while (true) {
        int got = in.read(chunk);
        if (got <= 0) {
          break;
        }
        deliver(chunk, got);
      }
    } catch (IOException gone) {
      // As at the end: the line is cut.
    } catch (InterruptedException stopped) {
      return;
    }
    tty.hangUp();
  }

  private void deliver(byte[] chunk, int count) throws InterruptedException {
    int done = 0;
    while (done < count) {
      done += tty.receive(chunk, done, count - done);
      synchronized (inputRoom) {
        while (done < count && tty.receiveRoom() == 0) {
          inputRoom.wait(TimeUnit.SECONDS.toMillis(1));
        }
      }
    }
  }

  private void writeOutput() {
    while (true) {
      synchronized (this) {
        writingBytes = 0;
        notifyAll();
        while (waitingBytes == 0) {
          try {
            wait();
          } catch (InterruptedException stopped) {
            return;
          }
        }
        byte[] full = waiting;
        waiting = writing;
        writing = full;
        writingBytes = waitingBytes;
        waitingBytes = 0;
      }
      boolean failed = false;
      try {
        out.write(writing, 0, writingBytes);
      } catch (IOException gone) {
        failed = true;
      }
      synchronized (this) {
        broken |= failed;
        writingBytes = 0;
      }
      tty.writeWakeUp();
    }
  }

  @Override
  public synchronized int writeRoom() {
    return BUFFER - waitingBytes;
  }

  @Override
  public synchronized int write(byte[] bytes, int offset, int count) {
    if (broken) {
      return count; // as on a line nobody listens to
    }
    int done = Math.min(count, BUFFER - waitingBytes);
    System.arraycopy(bytes, offset, waiting, waitingBytes, done);
    waitingBytes += done;
    notifyAll();
    return done;
  }

  @Override
  public synchronized int charsInBuffer() {
    return waitingBytes + writingBytes;
  }

  @Override
  public synchronized void flushBuffer() {
    waitingBytes = 0;
  }

  @Override
  public void unthrottle() {
    synchronized (inputRoom) {
      inputRoom.notifyAll();
    }
  }

  private void restore() {
    drain();
    host.restore();
    if (guard != null) {
      guard.release();
    }
  }

  private synchronized void drain() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
    long left = DRAIN_SECONDS;
    while (waitingBytes + writingBytes > 0 && !broken && left > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      left = deadline - System.nanoTime();
    }
  }

  /** Shows what is still to be shown and puts the terminal back as it was. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(emergency);
    } catch (IllegalStateException alreadyShuttingDown) {
      return; // the hook has run or runs: it does the same
    }
  }
}
