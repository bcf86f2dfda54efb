package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallRegisters;
import dev.svc0.runtime.syscall.SyscallResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Turns calls of one table into words: first the inputs, when the call is made, then the outputs
 * and the result. Safe for use by many threads.
 */
public final class CallDecoder {
  /** How many bytes of a buffer are shown unless somebody says otherwise. */
  public static final int DEFAULT_LIMIT = 32;

  private static final Set<String> ADDRESSES = Set.of("brk", "mmap", "mremap", "shmat");

  /** Their result is a descriptor. */
  private static final Set<String> OPENS =
      Set.of("openat", "openat2", "open_by_handle_at", "dup", "dup3", "eventfd2", "epoll_create1");

  private static final Set<String> REPLACES_IMAGE = Set.of("execve", "execveat");

  private final SyscallDispatch table;
  private final int limit;
  private final Descriptors descriptors;

  /**
   * One call in words.
   *
   * @param name the kernel's name, or {@code syscall_0x…} for a number that has none
   * @param names of the arguments
   * @param arguments as text, outputs as addresses until {@link CallDecoder#after}
   * @param result as text; empty until then
   */
  public record Decoded(String name, List<String> names, List<String> arguments, String result) {
    /** The whole call as strace prints it. */
    @Override
    public String toString() {
      return name + "(" + String.join(", ", arguments) + ") = " + result;
    }
  }

  /** Decodes by the definitions of a table. */
  public CallDecoder(SyscallDispatch table, int limit) {
    this(table, limit, Descriptors.NUMBERS);
  }

  private CallDecoder(SyscallDispatch table, int limit, Descriptors descriptors) {
    this.table = table;
    this.limit = limit;
    this.descriptors = descriptors;
  }

  /** The same with the path of each descriptor behind it, as strace has it with -y. */
  public CallDecoder withPaths() {
    return new CallDecoder(table, limit, Descriptors.WITH_PATHS);
  }

  /** The call with its inputs; to be asked for before a handler runs. */
  public Decoded before(SyscallRegisters call) {
    SyscallInfo info = table.info(call.nr());
    if (info == null) {
      return unknown(call);
    }
    ArgumentDecoder decoder = new ArgumentDecoder(info, call, limit, descriptors);
    List<String> arguments =
        IntStream.range(0, decoder.arguments().size()).mapToObj(decoder::before).toList();
    List<String> names = decoder.arguments().stream().map(SyscallInfo.Argument::name).toList();
    return new Decoded(info.name(), names, arguments, "");
  }

  private static Decoded unknown(SyscallRegisters call) {
    List<Integer> registers = IntStream.range(0, SyscallRegisters.ARGUMENTS).boxed().toList();
    return new Decoded(
        "syscall_0x" + Integer.toHexString(call.nr()),
        registers.stream().map(register -> "x" + register).toList(),
        registers.stream()
            .map(register -> "0x" + Long.toHexString(call.argument(register)))
            .toList(),
        "");
  }

  /** The same call with outputs and result. */
  public Decoded after(Decoded before, SyscallRegisters call) {
    SyscallInfo info = table.info(call.nr());
    String result = result(before.name, call.result());
    if (info == null || !info.name().equals(before.name)) {
      return new Decoded(before.name, before.names, before.arguments, result);
    }
    String meaning =
        SyscallResult.isError(call.result())
            ? null
            : Variants.result(info, call.argument(1), call.result());
    ArgumentDecoder decoder = new ArgumentDecoder(info, call, limit, descriptors);
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < before.arguments.size(); i++) {
      String text = before.arguments.get(i);
      arguments.add(decoder.isOutput(i) ? decoder.after(i, text) : text);
    }
    String shown = meaning == null ? result : meaning;
    if (Waits.isOne(info) && !SyscallResult.isError(call.result())) {
      shown += Waits.outcome(info, new Bytes(call.task().memory()), call);
    }
    if (OPENS.contains(before.name) && !SyscallResult.isError(call.result())) {
      shown = descriptors.text(call.task(), (int) call.result());
    }
    return new Decoded(before.name, before.names, List.copyOf(arguments), shown);
  }

  private static String result(String name, long result) {
    if (result == SyscallResult.CONTROL_TRANSFERRED) {
      return REPLACES_IMAGE.contains(name) ? "0" : "?";
    }
    if (SyscallResult.isRestart(result)) {
      String code =
          Names.get().constants("errno_internal").stream()
              .filter(constant -> constant.value() == -result)
              .map(Names.Constant::name)
              .collect(Collectors.joining("|"));
      return "? " + code + " (to be restarted)";
    }
    if (SyscallResult.isError(result)) {
      Names.Failure error = Names.get().error(-result);
      return error == null
          ? Long.toString(result)
          : "-1 " + error.name() + " (" + error.message() + ")";
    }
    if (name.equals("umask")) {
      return Constants.mode(result);
    }
    return ADDRESSES.contains(name) ? "0x" + Long.toHexString(result) : Long.toString(result);
  }
}
