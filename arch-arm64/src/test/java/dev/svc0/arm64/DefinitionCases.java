package dev.svc0.arm64;

import dev.svc0.annotation.Support;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.runtime.syscall.ArgumentRole;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallInfo.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cases made from the definitions: a call whose arguments are all in order but one, which is a bad
 * pointer, an unknown flag or an unknown choice. The same cases are made for real Linux ({@link
 * DefinitionRecorder}) and for ours.
 */
final class DefinitionCases {
  /** Calls that would end, stop or reconfigure what makes them. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "exit",
          "exit_group",
          "rt_sigreturn",
          "rt_sigsuspend",
          "clone",
          "clone3",
          "mount",
          "umount2",
          "pivot_root",
          "chroot",
          "reboot",
          "settimeofday",
          "clock_settime",
          "set_tid_address",
          "set_robust_list",
          "rseq",
          "restart_syscall",
          "ppoll",
          "pselect6",
          "epoll_pwait",
          "epoll_pwait2",
          "mlockall",
          "futex");

  /** What an argument is made of; both sides know how to make each. */
  enum Value {
    /** Zero. */
    ZERO,
    /** Eight: the size of a signal set, and small enough for every buffer. */
    EIGHT,
    /** A file of 100 bytes, open to read and write. */
    FILE,
    /** The same file, opened again. */
    OTHER_FILE,
    /** The working directory, as the *at calls take it. */
    CWD,
    /** A string: the name of that file. */
    NAME,
    /** A string: the name of an attribute. */
    ATTRIBUTE,
    /** A zeroed page, another one for each argument. */
    PAGE,
    /** An address where nothing is mapped. */
    BAD,
    /** A bit that is no flag of any call. */
    UNKNOWN_FLAG,
    /** A number that is no choice of any call. */
    UNKNOWN_CHOICE,
    /** Permission bits. */
    MODE,
    /** SIGUSR1. */
    SIGNAL
  }

  /**
   * One call to make.
   *
   * @param call what is known about it
   * @param wrong index of the argument that is not in order
   * @param values of all arguments
   */
  record Case(SyscallInfo call, int wrong, List<Value> values) {
    /** The same on both sides. */
    String key() {
      return call.name() + "," + call.arguments().get(wrong).name() + "," + values.get(wrong);
    }
  }

  private DefinitionCases() {}

  /** Every case of every call with a handler, in order of number. */
  static List<Case> of(SyscallDispatch table) {
    List<Case> cases = new ArrayList<>();
    for (SyscallInfo call : table.all()) {
      if (call.implemented()
          && call.support() != Support.NONE // is there to be refused, whatever its arguments
          && call.origin() != SyscallInfo.Origin.OWN
          && !LEFT_OUT.contains(call.name())) {
        for (int i = 0; i < call.arguments().size(); i++) {
          Value wrong = wrong(call.arguments().get(i).role());
          if (wrong != null) {
            cases.add(new Case(call, i, values(call, i, wrong)));
          }
        }
      }
    }
    return cases;
  }

  private static Value wrong(ArgumentRole role) {
    return switch (role.kind()) {
      case USER_PTR, C_STRING -> Value.BAD;
      case FLAGS -> Value.UNKNOWN_FLAG;
      case ENUM -> Value.UNKNOWN_CHOICE;
      default -> null;
    };
  }

  private static List<Value> values(SyscallInfo call, int wrongIndex, Value wrong) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      Value sound = sound(call, call.arguments().get(i), values.contains(Value.FILE));
      values.add(i == wrongIndex ? wrong : sound);
    }
    return values;
  }

  private static Value sound(SyscallInfo call, Argument argument, boolean fileUsed) {
    RoleKind role = argument.role().kind();
    return switch (role) {
      case FD ->
          argument.name().endsWith("dfd") ? Value.CWD : fileUsed ? Value.OTHER_FILE : Value.FILE;
      case C_STRING ->
          call.name().contains("xattr") && argument.name().equals("name")
              ? Value.ATTRIBUTE
              : Value.NAME;
      case USER_PTR -> Value.PAGE;
      case SIZE -> Value.EIGHT;
      case MODE -> Value.MODE;
      case SIGNAL -> Value.SIGNAL;
      case PLAIN ->
          argument.name().equals("sigsetsize")
              ? Value.EIGHT
              : argument.kind() == AbiKind.PTR ? Value.PAGE : Value.ZERO;
      case FLAGS, ENUM, PID, OFFSET -> Value.ZERO;
    };
  }
}
