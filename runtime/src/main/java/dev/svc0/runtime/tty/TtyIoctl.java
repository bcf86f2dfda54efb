package dev.svc0.runtime.tty;

import static dev.svc0.runtime.abi.Ioctl.*;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.WinsizeLayout;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;

/**
 * Control calls of terminals; through a master end those that concern the pair go to its slave.
 * <i>Linux:</i> tty_ioctl, tty_jobctrl_ioctl, n_tty_ioctl_helper, tty_mode_ioctl.
 */
final class TtyIoctl {
  private static final int SHORT_MASK = 0xffff;

  private TtyIoctl() {}

  /** A result or −errno. */
  static long ioctl(TtyFile own, File file, int request, long argument, Caller caller) {
    Tty tty = own.tty;
    if (changes(request)) {
      long check = TtyJobControl.checkChange(tty, caller, Signals.SIGTTOU);
      if (check != 0) {
        return check;
      }
    }
    UserMemory memory = caller.memory();
    return switch (request) {
      case TCGETS -> {
        tty.termios().writeTo(memory, argument);
        yield 0;
      }
      case TCGETS2 -> {
        tty.termios().writeTo2(memory, argument);
        yield 0;
      }
      case TCGETA -> {
        tty.termios().writeOldTo(memory, argument);
        yield 0;
      }
      case TCSETS, TCSETSW, TCSETSF, TCSETS2, TCSETSW2, TCSETSF2, TCSETA, TCSETAW, TCSETAF ->
          setSettings(tty, request, argument, caller);
      case TIOCGLCKTRMIOS -> {
        tty.lockedTermios().writeTo(memory, argument);
        yield 0;
      }
      case TIOCSLCKTRMIOS -> setLocked(tty, argument, caller);
      case TIOCGWINSZ -> getWindow(tty, memory, argument);
      case TIOCSWINSZ -> setWindow(tty, memory, argument);
      case TCFLSH -> flush(tty, (int) argument);
      case TCXONC -> flow(tty, (int) argument);
      case TCSBRK -> drain(tty, caller);
      case TCSBRKP, TIOCSBRK, TIOCCBRK -> 0;
      case TIOCOUTQ -> putInt(memory, argument, tty.charsInBuffer());
      case FIONREAD -> putInt(memory, argument, tty.available());
      case TIOCSTI -> simulateInput(tty, argument, caller);
      case TIOCEXCL -> exclusive(tty, true);
      case TIOCNXCL -> exclusive(tty, false);
      case TIOCGEXCL -> putInt(memory, argument, tty.isExclusive() ? 1 : 0);
      case TIOCGETD -> putInt(memory, argument, 0);
      case TIOCSETD -> memory.readInt(argument) == 0 ? 0 : -Errno.EINVAL;
      case TIOCGDEV -> putInt(memory, argument, encode(tty.device()));
      case TIOCVHANGUP -> vhangup(tty, caller);
      case TIOCCONS -> caller.cred().capable(Capability.CAP_SYS_ADMIN) ? 0 : -Errno.EPERM;
      default -> jobControl(own, file, request, argument, caller);
    };
  }

  private static long jobControl(
      TtyFile own, File file, int request, long argument, Caller caller) {
    Tty tty = own.tty;
    boolean master = own.master != null;
    UserMemory memory = caller.memory();
    return switch (request) {
      case TIOCSCTTY -> TtyJobControl.setControlling(tty, file, argument, caller);
      case TIOCNOTTY -> TtyJobControl.giveUp(tty, caller);
      case TIOCGPGRP ->
          putResult(memory, argument, TtyJobControl.foregroundGroup(tty, master, caller));
      case TIOCSPGRP -> TtyJobControl.setForegroundGroup(tty, memory.readInt(argument), caller);
      case TIOCGSID -> putResult(memory, argument, TtyJobControl.session(tty, master, caller));
      default -> -Errno.ENOTTY;
    };
  }

  /** Requests that a process of the background must not make. */
  private static boolean changes(int request) {
    return switch (request) {
      case TCSETS,
          TCSETSW,
          TCSETSF,
          TCSETS2,
          TCSETSW2,
          TCSETSF2,
          TCSETA,
          TCSETAW,
          TCSETAF,
          TCSBRK,
          TCSBRKP,
          TIOCSBRK,
          TIOCCBRK,
          TCXONC,
          TCFLSH,
          TIOCSETD ->
          true;
      default -> false;
    };
  }

  private static long setSettings(Tty tty, int request, long argument, Caller caller) {
    UserMemory memory = caller.memory();
    KTermios termios = tty.termios();
    switch (request) {
      case TCSETS2, TCSETSW2, TCSETSF2 -> termios.readFrom2(memory, argument);
      case TCSETA, TCSETAW, TCSETAF -> termios.readOldFrom(memory, argument);
      default -> termios.readFrom(memory, argument);
    }
    if (request != TCSETS && request != TCSETS2 && request != TCSETA) {
      long drained = drain(tty, caller);
      if (drained != 0) {
        return drained;
      }
    }
    if (request == TCSETSF || request == TCSETSF2 || request == TCSETAF) {
      tty.flushInput();
    }
    tty.setTermios(termios);
    return 0;
  }

  private static long setLocked(Tty tty, long argument, Caller caller) {
    if (!caller.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    KTermios termios = tty.lockedTermios();
    termios.readFrom(caller.memory(), argument);
    tty.setLockedTermios(termios);
    return 0;
  }

  /** Waits until the output was delivered; a stopped terminal keeps its callers. */
  private static long drain(Tty tty, Caller caller) {
    return tty.writeWait.waitEvent(
        caller, () -> tty.charsInBuffer() == 0 || tty.isOtherClosed(), WaitQueue.NO_DEADLINE);
  }

  private static long getWindow(Tty tty, UserMemory memory, long address) {
    Tty.WindowSize size = tty.window();
    memory.writeShort(address + WinsizeLayout.ws_row, (short) size.rows());
    memory.writeShort(address + WinsizeLayout.ws_col, (short) size.columns());
    memory.writeShort(address + WinsizeLayout.ws_xpixel, (short) size.xPixels());
    memory.writeShort(address + WinsizeLayout.ws_ypixel, (short) size.yPixels());
    return 0;
  }

  private static long setWindow(Tty tty, UserMemory memory, long address) {
    tty.setWindow(
        new Tty.WindowSize(
            memory.readShort(address + WinsizeLayout.ws_row) & SHORT_MASK,
            memory.readShort(address + WinsizeLayout.ws_col) & SHORT_MASK,
            memory.readShort(address + WinsizeLayout.ws_xpixel) & SHORT_MASK,
            memory.readShort(address + WinsizeLayout.ws_ypixel) & SHORT_MASK));
    return 0;
  }

  private static long flush(Tty tty, int which) {
    switch (which) {
      case TCIFLUSH -> tty.flushInput();
      case TCOFLUSH -> tty.flushOutput();
      case TCIOFLUSH -> {
        tty.flushInput();
        tty.flushOutput();
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    tty.writeWait.wakeUp();
    return 0;
  }

  private static long flow(Tty tty, int which) {
    switch (which) {
      case TCOOFF -> tty.stopOutput();
      case TCOON -> tty.startOutput();
      case TCIOFF, TCION -> sendFlowCharacter(tty, which);
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private static void sendFlowCharacter(Tty tty, int which) {
    int index =
        which == TCIOFF ? dev.svc0.runtime.abi.Termios.VSTOP : dev.svc0.runtime.abi.Termios.VSTART;
    int c = tty.termios().character(index);
    if (c != 0) {
      tty.write(new byte[] {(byte) c}, 0, 1);
    }
  }

  /** As with CONFIG_LEGACY_TIOCSTI off: only an administrator may type for others. */
  private static long simulateInput(Tty tty, long argument, Caller caller) {
    if (!caller.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EIO;
    }
    tty.receive(new byte[] {caller.memory().readByte(argument)}, 0, 1);
    return 0;
  }

  private static long exclusive(Tty tty, boolean value) {
    tty.setExclusive(value);
    return 0;
  }

  private static long vhangup(Tty tty, Caller caller) {
    if (!caller.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    tty.hangUp();
    return 0;
  }

  static long putInt(UserMemory memory, long address, int value) {
    memory.writeInt(address, value);
    return 0;
  }

  private static long putResult(UserMemory memory, long address, long result) {
    return result < 0 ? result : putInt(memory, address, (int) result);
  }

  /** A device number as programs see it. <i>Linux:</i> new_encode_dev. */
  static int encode(int device) {
    int major = device >>> 20;
    int minor = device & 0xfffff;
    return minor & 0xff | major << 8 | (minor & ~0xff) << 12;
  }
}
