package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.abi.FutexConstants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Values of constants by name: sets of flags, single values, signals, file modes. */
final class Constants {
  /** Names that say something about a group and are no member of it. */
  private static final Pattern NO_VALUE =
      Pattern.compile(
          ".*(_MASK|_MAX|_SHIFT|_LIMIT|_WORDS|_BPW|_BITS|_LAST|SIZE_VER\\d|SYNC_TYPE|_MSK)");

  private static final Pattern NO_ENUM = Pattern.compile(".*(_FLAG|_OP_[A-Z]+.*)");

  /** Masks of a part of the bits in which values count up. */
  private static final Set<String> FIELDS = Set.of("O_ACCMODE", "MAP_TYPE");

  /** Names that nobody uses any more, of values that have a newer one. */
  private static final Set<String> OLD_NAMES =
      Set.of("O_NDELAY", "SA_NOMASK", "SA_ONESHOT", "AF_FILE", "AF_LOCAL", "AF_ROUTE");

  private static final String SIGNAL_FIELD = "CSIGNAL";
  private static final long SIGNAL_MASK = 0xff;
  private static final int REALTIME = 32;
  private static final int TYPE_MASK = 0170000;

  private static final Map<Integer, String> FILE_TYPES =
      Map.of(
          0100000, "S_IFREG",
          0040000, "S_IFDIR",
          0020000, "S_IFCHR",
          0060000, "S_IFBLK",
          0010000, "S_IFIFO",
          0120000, "S_IFLNK",
          0140000, "S_IFSOCK");

  private static final Map<String, Constants> CACHE = new ConcurrentHashMap<>();

  private final List<Names.Constant> all;
  private final List<Names.Constant> bits;

  private Constants(String spec) {
    all = Names.get().constants(spec);
    boolean signals = all.stream().anyMatch(constant -> constant.name().equals(SIGNAL_FIELD));
    bits =
        all.stream()
            .filter(
                constant -> constant.value() > 0 && !NO_VALUE.matcher(constant.name()).matches())
            .filter(constant -> !FIELDS.contains(constant.name()))
            .filter(constant -> !signals || constant.value() > SIGNAL_MASK)
            .sorted(
                Comparator.comparingInt((Names.Constant c) -> -Long.bitCount(c.value()))
                    .thenComparing(c -> c.name().startsWith("_") || OLD_NAMES.contains(c.name()))
                    .thenComparingInt(c -> c.name().length())
                    .thenComparing(Names.Constant::name))
            .toList();
  }

  static Constants of(String spec) {
    return CACHE.computeIfAbsent(spec, Constants::new);
  }

  /** A set of flags: {@code O_WRONLY|O_CREAT|0x40000000}. */
  String flags(long value) {
    List<String> names = new ArrayList<>();
    long rest = value;
    for (Names.Constant constant : all) {
      if (FIELDS.contains(constant.name())) {
        long field = rest & constant.value();
        rest &= ~constant.value();
        names.add(fieldName(constant, field));
      }
    }
    List<Names.Constant> found = new ArrayList<>();
    for (Names.Constant constant : bits) {
      if (rest != 0 && (rest & constant.value()) == constant.value()) {
        found.add(constant);
        rest &= ~constant.value();
      }
    }
    found.sort(Comparator.comparingLong(Names.Constant::value));
    found.forEach(constant -> names.add(constant.name()));
    if (has(SIGNAL_FIELD) && (rest & SIGNAL_MASK) != 0) {
      names.add(signal(rest & SIGNAL_MASK));
      rest &= ~SIGNAL_MASK;
    }
    if (rest != 0) {
      names.add("0x" + Long.toHexString(rest));
    }
    return names.isEmpty() ? zero() : String.join("|", names);
  }

  private boolean has(String name) {
    return all.stream().anyMatch(constant -> constant.name().equals(name));
  }

  /** The values of a field have no bit outside it, and share the beginning of its mask's name. */
  private String fieldName(Names.Constant mask, long field) {
    String prefix = mask.name().substring(0, mask.name().indexOf('_') + 1);
    for (Names.Constant constant : all) {
      if (constant.value() == field
          && constant.name().startsWith(prefix)
          && !constant.name().equals("MAP_FILE")
          && !FIELDS.contains(constant.name())) {
        return constant.name();
      }
    }
    return "0x" + Long.toHexString(field);
  }

  /** The one name for no flag at all, if there is one. */
  private String zero() {
    List<Names.Constant> zeros =
        all.stream()
            .filter(c -> c.value() == 0 && !NO_ENUM.matcher(c.name()).matches())
            .filter(c -> c.name().endsWith("_NONE") || c.name().equals("F_OK"))
            .toList();
    return zeros.size() == 1 ? zeros.getFirst().name() : "0";
  }

  /** A single value: its name, or the number. */
  String single(long value) {
    return all.stream()
        .filter(constant -> constant.value() == value)
        .map(Names.Constant::name)
        .filter(name -> !NO_VALUE.matcher(name).matches() && !NO_ENUM.matcher(name).matches())
        .filter(name -> !OLD_NAMES.contains(name))
        .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
        .orElseGet(() -> value >>> 16 == 0 ? Long.toString(value) : "0x" + Long.toHexString(value));
  }

  /**
   * A command of futex(2) with its flags: {@code FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME}.
   */
  static String futex(long operation) {
    int command = (int) operation & FutexConstants.FUTEX_CMD_MASK;
    String name =
        of("futex:FUTEX_WA|FUTEX_R|FUTEX_CMP_R|FUTEX_L|FUTEX_U|FUTEX_T|FUTEX_FD").single(command);
    String kind = (operation & FutexConstants.FUTEX_PRIVATE_FLAG) != 0 ? "_PRIVATE" : "";
    boolean realtime = (operation & FutexConstants.FUTEX_CLOCK_REALTIME) != 0;
    return name + kind + (realtime ? "|FUTEX_CLOCK_REALTIME" : "");
  }

  static String signal(long number) {
    if (number > REALTIME && number <= Long.SIZE) {
      return "SIGRT_" + (number - REALTIME);
    }
    return number == 0 ? "0" : of("signal").single(number);
  }

  /** A set of signals: {@code [INT CHLD]}, or {@code ~[…]} when most are in it. */
  static String signalSet(long set) {
    boolean most = Long.bitCount(set) > Long.SIZE / 2;
    StringBuilder names = new StringBuilder(most ? "~[" : "[");
    String separator = "";
    for (int signal = 1; signal <= Long.SIZE; signal++) {
      if ((set >>> (signal - 1) & 1) == (most ? 0 : 1)) {
        names.append(separator).append(signal(signal).replaceFirst("^SIG", ""));
        separator = " ";
      }
    }
    return names.append(']').toString();
  }

  /** Mode bits, with the type of the file if there is one: {@code S_IFREG|0644}. */
  static String mode(long mode) {
    String type = FILE_TYPES.get((int) mode & TYPE_MASK);
    String bits = "0%o".formatted(type == null ? mode : mode & ~TYPE_MASK);
    return type == null ? (mode == 0 ? "0" : bits) : type + "|" + bits;
  }
}
