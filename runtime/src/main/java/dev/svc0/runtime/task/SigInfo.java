package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.SiginfoLayout;
import dev.svc0.runtime.abi.SignalConstants;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A signal with what is known about its cause, laid out as {@code siginfo_t}. */
public final class SigInfo {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;

  private SigInfo(byte[] bytes) {
    this.bytes = bytes;
  }

  private static SigInfo of(int signal, int code) {
    SigInfo info = new SigInfo(new byte[SiginfoLayout.SIZE]);
    info.putInt(SiginfoLayout.si_signo, signal);
    info.putInt(SiginfoLayout.si_code, code);
    return info;
  }

  /** As a program gave it to rt_sigqueueinfo(2). */
  public static SigInfo fromUser(int signal, byte[] layout) {
    SigInfo info = new SigInfo(layout.clone());
    info.putInt(SiginfoLayout.si_signo, signal);
    return info;
  }

  /** Sent by the kernel itself. */
  public static SigInfo kernel(int signal) {
    return of(signal, SignalConstants.SI_KERNEL);
  }

  /** Sent by a process: SI_USER for kill, SI_TKILL for tgkill. */
  public static SigInfo user(int signal, int code, int pid, int uid) {
    SigInfo info = of(signal, code);
    info.putInt(SiginfoLayout._sifields__kill__pid, pid);
    info.putInt(SiginfoLayout._sifields__kill__uid, uid);
    return info;
  }

  /** Caused by an instruction, at an address. */
  public static SigInfo fault(int signal, int code, long address) {
    SigInfo info = of(signal, code);
    info.putLong(SiginfoLayout._sifields__sigfault__addr, address);
    return info;
  }

  /** A child changed its state. */
  static SigInfo child(int code, int pid, int uid, int status, long utimeTicks, long stimeTicks) {
    SigInfo info = of(dev.svc0.runtime.abi.Signals.SIGCHLD, code);
    info.putInt(SiginfoLayout._sifields__sigchld__pid, pid);
    info.putInt(SiginfoLayout._sifields__sigchld__uid, uid);
    info.putInt(SiginfoLayout._sifields__sigchld__status, status);
    info.putLong(SiginfoLayout._sifields__sigchld__utime, utimeTicks);
    info.putLong(SiginfoLayout._sifields__sigchld__stime, stimeTicks);
    return info;
  }

  /** A POSIX timer ran out. */
  static SigInfo timer(int signal, int timerId, long value) {
    SigInfo info = of(signal, SignalConstants.SI_TIMER);
    info.putInt(SiginfoLayout._sifields__timer__tid, timerId);
    info.putLong(SiginfoLayout._sifields__timer__sigval, value);
    return info;
  }

  /** A message came to a POSIX queue, from a process of a user. */
  public static SigInfo message(int signal, int pid, int uid, long value) {
    SigInfo info = of(signal, SignalConstants.SI_MESGQ);
    info.putInt(SiginfoLayout._sifields__rt__pid, pid);
    info.putInt(SiginfoLayout._sifields__rt__uid, uid);
    info.putLong(SiginfoLayout._sifields__rt__sigval, value);
    return info;
  }

  void setOverrun(int overrun) {
    putInt(SiginfoLayout._sifields__timer__overrun, overrun);
  }

  /** The signal's number. */
  public int signal() {
    return (int) INT.get(bytes, SiginfoLayout.si_signo);
  }

  /** SI_ or a code of the signal's own. */
  public int code() {
    return (int) INT.get(bytes, SiginfoLayout.si_code);
  }

  /** The process that sent it, where the code says that there is one. */
  public int pid() {
    return (int) INT.get(bytes, SiginfoLayout._sifields__kill__pid);
  }

  /** The fault address, where there is one. */
  public long address() {
    return (long) LONG.get(bytes, SiginfoLayout._sifields__sigfault__addr);
  }

  /** The 128 bytes that a program sees. */
  public byte[] layout() {
    return bytes;
  }

  private void putInt(int offset, int value) {
    INT.set(bytes, offset, value);
  }

  private void putLong(int offset, long value) {
    LONG.set(bytes, offset, value);
  }
}
