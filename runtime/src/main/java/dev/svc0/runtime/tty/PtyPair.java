package dev.svc0.runtime.tty;

import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Termios;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Cred;

/**
 * A pseudo-terminal: a terminal (the slave) whose output a program reads and whose typist a program
 * is (the master). <i>Linux:</i> drivers/tty/pty.c.
 *
 * <p>Everything is protected by the slave's monitor.
 */
final class PtyPair {
  /** Major number of slaves. */
  static final int SLAVE_MAJOR = 136;

  private static final int BUFFER = 8192;
  private static final int MINOR_BITS = 20;

  private final int number;
  private final Cred owner;
  private final SlaveDriver driver = new SlaveDriver();
  private final Tty slave;
  private final Master master = new Master();

  /** Output of the slave that the master has not read: a ring. */
  private final byte[] buffer = new byte[BUFFER];

  private int start;
  private int length;

  /** TIOCSPTLCK: the slave cannot be opened. */
  private boolean locked = true;

  /** The slave was open and is not now. */
  private boolean slaveClosed;

  private boolean packetMode;
  private int packetStatus;

  /** A pair with this number; the slave is locked. */
  PtyPair(int number, Cred owner) {
    this.number = number;
    this.owner = owner;
    this.slave = new Tty(SLAVE_MAJOR << MINOR_BITS | number, driver);
    KTermios settings = slave.termios();
    settings.cflag &= ~Termios.HUPCL; // there is no line to hang up
    slave.setTermios(settings);
  }

  int number() {
    return number;
  }

  /** Who opened the master. */
  Cred owner() {
    return owner;
  }

  Tty slave() {
    return slave;
  }

  Master master() {
    return master;
  }

  boolean isLocked() {
    synchronized (slave) {
      return locked;
    }
  }

  void setLocked(boolean value) {
    synchronized (slave) {
      locked = value;
    }
  }

  /** The slave's side: output goes into the master's buffer. */
  final class SlaveDriver implements TtyDriver {
    /** The slave was opened; false when it is locked. */
    boolean opened() {
      synchronized (slave) {
        if (locked) {
          return false;
        }
        slaveClosed = false;
        return true;
      }
    }

    /** The last open file of the slave is gone. */
    void closed() {
      synchronized (slave) {
        slaveClosed = true;
      }
      master.changed.wakeUp();
    }

    @Override
    public int writeRoom() {
      return BUFFER - length;
    }

    @Override
    public int write(byte[] bytes, int offset, int count) {
      int done = Math.min(count, BUFFER - length);
      for (int i = 0; i < done; i++) {
        buffer[(start + length + i) % BUFFER] = bytes[offset + i];
      }
      length += done;
      master.changed.wakeUp();
      return done;
    }

    /** What is written has arrived: nothing is on its way. */
    @Override
    public int charsInBuffer() {
      return 0;
    }

    /** What is written is the master's already. */
    @Override
    public void flushBuffer() {
      packetEvent(Ioctl.TIOCPKT_FLUSHWRITE);
    }

    @Override
    public void unthrottle() {
      master.changed.wakeUp();
    }

    @Override
    public void packetEvent(int statusBits) {
      if (!packetMode) {
        return;
      }
      int opposite =
          switch (statusBits) {
            case Ioctl.TIOCPKT_STOP -> Ioctl.TIOCPKT_START;
            case Ioctl.TIOCPKT_START -> Ioctl.TIOCPKT_STOP;
            default -> 0;
          };
      packetStatus = packetStatus & ~opposite | statusBits;
      master.changed.wakeUp();
    }
  }

  /** The master's side. */
  final class Master {
    /** Output arrived, room for input appeared, or the slave was closed. */
    final WaitQueue changed = new WaitQueue();

    PtyPair pair() {
      return PtyPair.this;
    }

    boolean hasOutput() {
      synchronized (slave) {
        return length > 0 || packetStatus != 0;
      }
    }

    boolean isSlaveClosed() {
      synchronized (slave) {
        return slaveClosed;
      }
    }

    boolean isPacketMode() {
      synchronized (slave) {
        return packetMode;
      }
    }

    void setPacketMode(boolean value) {
      synchronized (slave) {
        packetMode = value;
        packetStatus = 0;
      }
    }

    int available() {
      synchronized (slave) {
        return length;
      }
    }

    boolean hasPacketStatus() {
      synchronized (slave) {
        return packetStatus != 0;
      }
    }

    /** Takes output of the slave. */
    int read(byte[] to, int count) {
      int done;
      synchronized (slave) {
        if (packetMode && count > 0) {
          to[0] = (byte) packetStatus;
          if (packetStatus != 0) {
            packetStatus = 0;
            return 1;
          }
          done = 1 + take(to, 1, count - 1);
        } else {
          done = take(to, 0, count);
        }
      }
      slave.writeWakeUp();
      return done;
    }

    /** Throws away what was not read. */
    void flush() {
      synchronized (slave) {
        length = 0;
      }
      slave.writeWakeUp();
    }

    private int take(byte[] to, int offset, int count) {
      int done = Math.min(count, length);
      for (int i = 0; i < done; i++) {
        to[offset + i] = buffer[(start + i) % BUFFER];
      }
      start = (start + done) % BUFFER;
      length -= done;
      return done;
    }

    /** The last open file of the master is gone: the line is cut. */
    void closed() {
      slave.otherEndClosed();
    }
  }
}
