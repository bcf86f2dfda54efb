package dev.svc0.runtime.tty;

import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Termios;
import dev.svc0.runtime.abi.TermiosLayout;
import dev.svc0.runtime.abi.WinsizeLayout;
import dev.svc0.runtime.host.HostSyscall;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the host's terminal on descriptor 0, through the host's ioctls: those have the
 * numbers and the {@code struct termios} of the guest on both kinds of host.
 */
final class HostTermios {
  private static final int STANDARD_INPUT = 0;
  private static final int STANDARD_OUTPUT = 1;

  /** Characters that {@code stty} knows, more than the kernel has. */
  private static final int CHARACTERS = 32;

  private static final int KERNEL_CHARACTERS = TermiosLayout.SIZE - TermiosLayout.c_cc;
  private static final int SHORT_MASK = 0xffff;

  private final long original = allocate();
  private final long raw = allocate();
  private boolean isRaw;

  private HostTermios() {}

  private static long allocate() {
    return Arena.global().allocate(TermiosLayout.SIZE, Integer.BYTES).address();
  }

  private static long ioctl(int descriptor, int command, long argument) {
    return HostSyscall.call(16, 29, descriptor, command, argument, 0, 0, 0);
  }

  /** Of standard input, when it and standard output are terminals; null otherwise. */
  static @Nullable HostTermios ofStandardInput() {
    // A look at the link costs nothing where there is none.
    if (!looksLikeTerminal(STANDARD_INPUT) || !looksLikeTerminal(STANDARD_OUTPUT)) {
      return null;
    }
    HostTermios result = new HostTermios();
    if (ioctl(STANDARD_INPUT, Ioctl.TCGETS, result.original) != 0
        || ioctl(STANDARD_OUTPUT, Ioctl.TCGETS, result.raw) != 0) {
      return null;
    }
    HostMemory.copy(result.original, result.raw, TermiosLayout.SIZE);
    makeRaw(result.raw);
    return result;
  }

  /** Everything goes through as it comes, a byte at a time. <i>Source:</i> cfmakeraw(3). */
  private static void makeRaw(long termios) {
    int input =
        Termios.IGNBRK
            | Termios.BRKINT
            | Termios.PARMRK
            | Termios.ISTRIP
            | Termios.INLCR
            | Termios.IGNCR
            | Termios.ICRNL
            | Termios.IXON;
    int local = Termios.ECHO | Termios.ECHONL | Termios.ICANON | Termios.ISIG | Termios.IEXTEN;
    change(termios + TermiosLayout.c_iflag, input, 0);
    change(termios + TermiosLayout.c_oflag, Termios.OPOST, 0);
    change(termios + TermiosLayout.c_lflag, local, 0);
    change(termios + TermiosLayout.c_cflag, Termios.CSIZE | Termios.PARENB, Termios.CS8);
    HostMemory.putByte(termios + TermiosLayout.c_cc + Termios.VMIN, (byte) 1);
    HostMemory.putByte(termios + TermiosLayout.c_cc + Termios.VTIME, (byte) 0);
  }

  private static void change(long flags, int off, int on) {
    HostMemory.putInt(flags, HostMemory.getInt(flags) & ~off | on);
  }

  /** What the settings were, as {@code stty -g} prints them and {@code stty} takes them. */
  String originalSettings() {
    StringBuilder text = new StringBuilder();
    for (int at = TermiosLayout.c_iflag; at <= TermiosLayout.c_lflag; at += Integer.BYTES) {
      text.append(at == TermiosLayout.c_iflag ? "" : ":");
      text.append(Integer.toHexString(HostMemory.getInt(original + at)));
    }
    for (int i = 0; i < CHARACTERS; i++) {
      int character =
          i < KERNEL_CHARACTERS ? HostMemory.getByte(original + TermiosLayout.c_cc + i) & 0xff : 0;
      text.append(':').append(Integer.toHexString(character));
    }
    return text.toString();
  }

  /** The path of the terminal, or null where the host does not tell. */
  static @Nullable String path() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + STANDARD_INPUT)).toString();
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean looksLikeTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/") && !target.equals("/dev/null");
    } catch (IOException e) {
      return true; // no /proc here: the ioctl decides
    }
  }

  /** Raw mode; false when svc0 is in the background, where that would stop it. */
  synchronized boolean makeRaw() {
    try (Arena arena = Arena.ofConfined()) {
      long group = arena.allocate(Integer.BYTES, Integer.BYTES).address();
      long own = HostSyscall.call(121, 155, 0, 0, 0, 0, 0, 0); // getpgid of itself
      if (ioctl(STANDARD_INPUT, Ioctl.TIOCGPGRP, group) != 0 || HostMemory.getInt(group) != own) {
        return false;
      }
    }
    isRaw = ioctl(STANDARD_INPUT, Ioctl.TCSETSW, raw) == 0;
    return isRaw;
  }

  /** As it was. */
  synchronized void restore() {
    if (isRaw) {
      isRaw = false;
      ioctl(STANDARD_INPUT, Ioctl.TCSETSW, original); // a terminal that is gone needs nothing
    }
  }

  /** The size of its window now. */
  Tty.WindowSize windowSize() {
    try (Arena arena = Arena.ofConfined()) {
      long size = arena.allocate(WinsizeLayout.SIZE, Short.BYTES).address();
      return ioctl(STANDARD_INPUT, Ioctl.TIOCGWINSZ, size) != 0
          ? Tty.WindowSize.NONE
          : new Tty.WindowSize(
              HostMemory.getShort(size + WinsizeLayout.ws_row) & SHORT_MASK,
              HostMemory.getShort(size + WinsizeLayout.ws_col) & SHORT_MASK,
              HostMemory.getShort(size + WinsizeLayout.ws_xpixel) & SHORT_MASK,
              HostMemory.getShort(size + WinsizeLayout.ws_ypixel) & SHORT_MASK);
    }
  }
}
