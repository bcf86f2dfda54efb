package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;

/** {@code siginfo_t}: which fields there are follows from the code and the signal. */
final class SigInfoText {
  private static final int CODE_AT = 8;
  private static final int FIRST_AT = 16;
  private static final int SECOND_AT = 20;
  private static final int THIRD_AT = 24;
  private static final int USER_TIME_AT = 32;
  private static final int SYSTEM_TIME_AT = 40;

  private SigInfoText() {}

  static String show(byte[] bytes, int offset) {
    int signal = (int) Bytes.number(bytes, offset, Integer.BYTES, true);
    if (signal == 0) {
      return "{}";
    }
    int code = (int) Bytes.number(bytes, offset + CODE_AT, Integer.BYTES, true);
    return "{si_signo="
        + Constants.signal(signal)
        + ", si_code="
        + code(signal, code)
        + fields(signal, code, bytes, offset)
        + "}";
  }

  /**
   * Codes from a process are the same for all signals; those of the kernel are the signal's own.
   */
  private static String code(int signal, int code) {
    boolean general = code <= 0 || code == SignalConstants.SI_KERNEL;
    String prefix =
        switch (signal) {
          case Signals.SIGCHLD -> "CLD_";
          case Signals.SIGSEGV -> "SEGV_";
          case Signals.SIGBUS -> "BUS_";
          case Signals.SIGFPE -> "FPE_";
          case Signals.SIGILL -> "ILL_";
          case Signals.SIGTRAP -> "TRAP_";
          case Signals.SIGSYS -> "SYS_";
          default -> "POLL_";
        };
    return Constants.of("si_code:" + (general ? "SI_" : prefix)).single(code);
  }

  private static String fields(int signal, int code, byte[] bytes, int offset) {
    long first = Bytes.number(bytes, offset + FIRST_AT, Integer.BYTES, true);
    long second = Bytes.number(bytes, offset + SECOND_AT, Integer.BYTES, true);
    String sender = ", si_pid=" + first + ", si_uid=" + Integer.toUnsignedString((int) second);
    String value = value(bytes, offset + THIRD_AT);
    if (code > 0 && code != SignalConstants.SI_KERNEL) {
      return switch (signal) {
        case Signals.SIGCHLD -> sender + child(code, bytes, offset);
        case Signals.SIGSEGV, Signals.SIGBUS, Signals.SIGFPE, Signals.SIGILL, Signals.SIGTRAP ->
            ", si_addr="
                + ArgumentDecoder.address(
                    Bytes.number(bytes, offset + FIRST_AT, Long.BYTES, false));
        default -> sender;
      };
    }
    return switch (code) {
      case SignalConstants.SI_USER, SignalConstants.SI_TKILL -> sender;
      case SignalConstants.SI_TIMER ->
          ", si_timerid=0x%x, si_overrun=%d".formatted(first, second) + value;
      case SignalConstants.SI_KERNEL -> "";
      default -> sender + value;
    };
  }

  private static String value(byte[] bytes, int at) {
    return ", si_int="
        + Bytes.number(bytes, at, Integer.BYTES, true)
        + ", si_ptr="
        + ArgumentDecoder.address(Bytes.number(bytes, at, Long.BYTES, false));
  }

  private static String child(int code, byte[] bytes, int offset) {
    long status = Bytes.number(bytes, offset + THIRD_AT, Integer.BYTES, true);
    boolean exited = code == SignalConstants.CLD_EXITED;
    return ", si_status="
        + (exited ? Long.toString(status) : Constants.signal(status))
        + ", si_utime="
        + Bytes.number(bytes, offset + USER_TIME_AT, Long.BYTES, true)
        + ", si_stime="
        + Bytes.number(bytes, offset + SYSTEM_TIME_AT, Long.BYTES, true);
  }
}
