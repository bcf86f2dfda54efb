package dev.svc0.runtime.tty;

import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.task.JobControl;
import dev.svc0.runtime.task.SessionTerminal;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalSender;
import dev.svc0.runtime.task.SignalStruct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One terminal: settings, window, session, line discipline, open files. <i>Linux:</i> {@code
 * tty_struct}.
 */
public final class Tty implements SessionTerminal {
  /** Rows, columns, and the same in pixels. <i>Linux:</i> {@code struct winsize}. */
  public record WindowSize(int rows, int columns, int xPixels, int yPixels) {
    static final WindowSize NONE = new WindowSize(0, 0, 0, 0);
  }

  private final int device;
  private final TtyDriver driver;
  private final NTty discipline;

  /** Waiting for input, or for the end. */
  final WaitQueue readWait = new WaitQueue();

  /** Waiting for room for output. */
  final WaitQueue writeWait = new WaitQueue();

  // All of it protected by this object's monitor.
  private KTermios termios = KTermios.standard();
  private KTermios locked = new KTermios();
  private WindowSize window = WindowSize.NONE;
  private @Nullable SignalStruct sessionLeader;
  private int foregroundGroup;
  private final List<TtyFile> files = new ArrayList<>();
  private boolean exclusive;

  /** The other end of the pair is gone. */
  private boolean otherClosed;

  /**
   * A terminal nobody has open.
   *
   * @param device {@code major << 20 | minor}
   */
  public Tty(int device, TtyDriver driver) {
    this.device = device;
    this.driver = driver;
    this.discipline = new NTty(driver, termios);
  }

  @Override
  public int device() {
    return device;
  }

  TtyDriver driver() {
    return driver;
  }

  // Files.

  /** 0 or −errno. */
  synchronized long open(TtyFile file, boolean mayAll) {
    if (exclusive && !mayAll) {
      return -dev.svc0.runtime.abi.Errno.EBUSY;
    }
    if (otherClosed) {
      return -dev.svc0.runtime.abi.Errno.EIO;
    }
    files.add(file);
    return 0;
  }

  /** Whether it was the last one. */
  synchronized boolean close(TtyFile file) {
    files.remove(file);
    if (files.isEmpty()) {
      exclusive = false;
    }
    return files.isEmpty();
  }

  synchronized void setExclusive(boolean value) {
    exclusive = value;
  }

  synchronized boolean isExclusive() {
    return exclusive;
  }

  synchronized boolean isOtherClosed() {
    return otherClosed;
  }

  // Settings.

  synchronized KTermios termios() {
    return termios.copy();
  }

  synchronized void setTermios(KTermios next) {
    KTermios now = next.copy();
    keepLocked(now);
    discipline.setTermios(now);
    termios = now;
    readWait.wakeUp();
    writeWait.wakeUp();
  }

  /** TIOCSLCKTRMIOS: what is set there keeps its value. */
  private void keepLocked(KTermios now) {
    now.iflag = termios.iflag & locked.iflag | now.iflag & ~locked.iflag;
    now.oflag = termios.oflag & locked.oflag | now.oflag & ~locked.oflag;
    now.cflag = termios.cflag & locked.cflag | now.cflag & ~locked.cflag;
    now.lflag = termios.lflag & locked.lflag | now.lflag & ~locked.lflag;
    for (int i = 0; i < now.characters.length; i++) {
      now.characters[i] = locked.characters[i] == 0 ? now.characters[i] : termios.characters[i];
    }
  }

  synchronized KTermios lockedTermios() {
    return locked.copy();
  }

  synchronized void setLockedTermios(KTermios next) {
    locked = next.copy();
  }

  synchronized WindowSize window() {
    return window;
  }

  /** The window has another size: its foreground hears of it. */
  public void setWindow(WindowSize size) {
    synchronized (this) {
      if (size.equals(window)) {
        return;
      }
      window = size;
    }
    signalForeground(Signals.SIGWINCH);
  }

  // Session.

  synchronized @Nullable SignalStruct sessionLeader() {
    return sessionLeader;
  }

  @Override
  public synchronized int foregroundGroup() {
    return foregroundGroup;
  }

  synchronized void setForegroundGroup(int group) {
    foregroundGroup = group;
  }

  /** It controls this leader's session from now on, or none. */
  synchronized void setSession(@Nullable SignalStruct leader, int group) {
    sessionLeader = leader;
    foregroundGroup = group;
  }

  /** A signal to the group in the foreground. Nothing of this terminal is locked. */
  void signalForeground(int signal) {
    SignalStruct leader;
    int group;
    synchronized (this) {
      leader = sessionLeader;
      group = foregroundGroup;
    }
    if (leader != null && group != 0) {
      JobControl.sendToGroup(leader.kernel(), group, SigInfo.kernel(signal));
    }
  }

  @Override
  public void sessionEnded(SignalStruct leader) {
    signalForeground(Signals.SIGHUP);
    hangUpFiles();
    setSession(null, 0);
  }

  /** Every open file of it becomes useless. */
  private synchronized void hangUpFiles() {
    for (TtyFile file : files) {
      file.hungUp = true;
    }
    discipline.flush();
    readWait.wakeUp();
    writeWait.wakeUp();
  }

  /**
   * The line is cut: the leader of its session hears SIGHUP, the session has no terminal any more.
   * <i>Linux:</i> tty_vhangup.
   */
  @Override
  public void hangUp() {
    SignalStruct leader = sessionLeader();
    if (leader != null) {
      TtyJobControl.forgetTerminal(leader, this);
      leader.setOldForegroundGroup(foregroundGroup());
      SignalSender.sendToProcess(leader, SigInfo.kernel(Signals.SIGHUP));
      SignalSender.sendToProcess(leader, SigInfo.kernel(Signals.SIGCONT));
    }
    hangUpFiles();
    setSession(null, 0);
  }

  /** The master end is gone. */
  void otherEndClosed() {
    synchronized (this) {
      otherClosed = true;
    }
    hangUp();
  }

  // Input.

  /** Bytes that {@link #receive} would take now. */
  public synchronized int receiveRoom() {
    return discipline.receiveRoom();
  }

  /**
   * Typed bytes arrive.
   *
   * @return how many were taken; {@link TtyDriver#unthrottle} says when more are welcome
   */
  public int receive(byte[] bytes, int offset, int count) {
    int taken;
    long signals;
    synchronized (this) {
      taken = discipline.receive(bytes, offset, count);
      signals = discipline.takeSignals();
    }
    sendTyped(signals);
    readWait.wakeUp();
    if (taken > 0) {
      writeWait.wakeUp();
    }
    return taken;
  }

  /** A signal as if its character had been typed: TIOCSIG. */
  void typeSignal(int signal) {
    long signals;
    synchronized (this) {
      discipline.signal(signal);
      signals = discipline.takeSignals();
    }
    sendTyped(signals);
  }

  private void sendTyped(long signals) {
    for (long left = signals; left != 0; left &= left - 1) {
      signalForeground(Long.numberOfTrailingZeros(left) + 1);
    }
  }

  synchronized boolean hasInput(int atLeast) {
    return discipline.hasInput(atLeast);
  }

  synchronized int available() {
    return discipline.available();
  }

  synchronized int read(byte[] to, int offset, int count) {
    return discipline.read(to, offset, count);
  }

  synchronized void flushInput() {
    discipline.flush();
  }

  // Output.

  /** The driver has room again, or has delivered everything. */
  public void writeWakeUp() {
    synchronized (this) {
      discipline.output().flushEcho();
    }
    writeWait.wakeUp();
  }

  /** Output of a program; how many bytes were taken. */
  synchronized int write(byte[] bytes, int offset, int count) {
    return discipline.output().write(bytes, offset, count);
  }

  synchronized boolean hasWriteRoom() {
    return !discipline.output().stopped && driver.writeRoom() > 0;
  }

  synchronized int charsInBuffer() {
    return driver.charsInBuffer();
  }

  synchronized void flushOutput() {
    discipline.output().dropEcho();
    driver.flushBuffer();
  }

  synchronized void stopOutput() {
    discipline.stop();
  }

  void startOutput() {
    synchronized (this) {
      discipline.start();
    }
    writeWait.wakeUp();
  }
}
