package dev.svc0.runtime.tty;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.WinsizeLayout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Settings of the host's terminal on descriptor 0, through the host's C library. */
final class HostTermios {
  private static final int STANDARD_INPUT = 0;
  private static final int STANDARD_OUTPUT = 1;
  private static final int TCSADRAIN = 1;

  // struct termios of Linux: four words of flags, the line discipline, the characters.
  private static final int FLAG_WORDS = 4;
  private static final int CHARACTERS_AT = 17;
  private static final int CHARACTERS = 32;

  /** More than {@code struct termios} of any C library. */
  private static final long TERMIOS_BYTES = 256;

  private static final int SHORT_MASK = 0xffff;

  private final MethodHandle setAttributes = call("tcsetattr", JAVA_INT, ADDRESS);
  private final MethodHandle foregroundGroup = call("tcgetpgrp");
  private final MethodHandle ownGroup =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("getpgrp"),
              FunctionDescriptor.of(JAVA_INT));
  private final MethodHandle ioctl =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
              Linker.Option.firstVariadicArg(2));
  private final MemorySegment original = Arena.global().allocate(TERMIOS_BYTES);
  private final MemorySegment raw = Arena.global().allocate(TERMIOS_BYTES);
  private boolean isRaw;

  private HostTermios() {}

  /** An int function of a descriptor and more. */
  private static MethodHandle call(String name, java.lang.foreign.MemoryLayout... more) {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT).appendArgumentLayouts(more);
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /** Of standard input, when it and standard output are terminals; null otherwise. */
  static @Nullable HostTermios ofStandardInput() {
    // A look at the link is much cheaper than the first foreign call.
    if (!looksLikeTerminal(STANDARD_INPUT) || !looksLikeTerminal(STANDARD_OUTPUT)) {
      return null;
    }
    HostTermios result = new HostTermios();
    MethodHandle get = call("tcgetattr", ADDRESS);
    try {
      if ((int) get.invokeExact(STANDARD_INPUT, result.original) != 0
          || (int) get.invokeExact(STANDARD_OUTPUT, result.raw) != 0) {
        return null;
      }
      MemorySegment.copy(result.original, 0, result.raw, 0, TERMIOS_BYTES);
      Linker linker = Linker.nativeLinker();
      linker
          .downcallHandle(
              linker.defaultLookup().findOrThrow("cfmakeraw"), FunctionDescriptor.ofVoid(ADDRESS))
          .invokeExact(result.raw);
      return result;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What the settings were, as {@code stty -g} prints them and {@code stty} takes them. */
  String originalSettings() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < FLAG_WORDS; i++) {
      text.append(i == 0 ? "" : ":");
      text.append(Integer.toHexString(original.getAtIndex(JAVA_INT, i)));
    }
    for (int i = 0; i < CHARACTERS; i++) {
      int character = original.get(JAVA_BYTE, CHARACTERS_AT + i) & 0xff;
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
      return true; // no /proc here: the foreign call decides
    }
  }

  /** Raw mode; false when svc0 is in the background, where that would stop it. */
  synchronized boolean makeRaw() {
    try {
      if ((int) foregroundGroup.invokeExact(STANDARD_INPUT) != (int) ownGroup.invokeExact()) {
        return false;
      }
      isRaw = (int) setAttributes.invokeExact(STANDARD_INPUT, TCSADRAIN, raw) == 0;
      return isRaw;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** As it was. */
  synchronized void restore() {
    if (!isRaw) {
      return;
    }
    isRaw = false;
    try {
      int ignored = (int) setAttributes.invokeExact(STANDARD_INPUT, TCSADRAIN, original);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The size of its window now. */
  Tty.WindowSize windowSize() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(WinsizeLayout.SIZE);
      int result = (int) ioctl.invokeExact(STANDARD_INPUT, (long) Ioctl.TIOCGWINSZ, size);
      return result != 0
          ? Tty.WindowSize.NONE
          : new Tty.WindowSize(
              size.get(JAVA_SHORT, WinsizeLayout.ws_row) & SHORT_MASK,
              size.get(JAVA_SHORT, WinsizeLayout.ws_col) & SHORT_MASK,
              size.get(JAVA_SHORT, WinsizeLayout.ws_xpixel) & SHORT_MASK,
              size.get(JAVA_SHORT, WinsizeLayout.ws_ypixel) & SHORT_MASK);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
