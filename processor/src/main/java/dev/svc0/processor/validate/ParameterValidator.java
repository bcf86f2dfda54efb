package dev.svc0.processor.validate;

import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.processor.diag.Diagnostics;
import dev.svc0.processor.diag.Tag;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelArgument;
import dev.svc0.processor.model.KernelCall;
import dev.svc0.processor.model.LengthRef;
import dev.svc0.processor.model.Parameter;
import dev.svc0.processor.model.PinnedNames;
import dev.svc0.processor.model.Role;
import dev.svc0.processor.parse.HandlerParser;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;
import org.jspecify.annotations.Nullable;

/** Judges the parameters of one handler after the task: count, Java types, roles. */
final class ParameterValidator {
  private static final int REGISTERS = 6;

  private final Diagnostics diagnostics;
  private final PinnedNames names;

  ParameterValidator(Diagnostics diagnostics, PinnedNames names) {
    this.diagnostics = diagnostics;
    this.names = names;
  }

  void validate(ExecutableElement method, Handler handler, @Nullable KernelCall call) {
    List<Parameter> parameters = handler.parameters();
    int most = call == null ? REGISTERS : call.arguments().size();
    if (parameters.size() > most) {
      diagnostics.error(
          Tag.ARGUMENT_COUNT,
          method.getParameters().get(most + 1),
          call == null
              ? "a call has at most six arguments, x0 to x5; pass the rest in a struct"
              : "the kernel's call has "
                  + most
                  + (most == 1 ? " argument: " : " arguments: ")
                  + call.signature());
    }
    for (int i = 0; i < parameters.size(); i++) {
      VariableElement element = method.getParameters().get(i + 1);
      KernelArgument argument =
          call != null && i < call.arguments().size() ? call.arguments().get(i) : null;
      checkType(element, parameters.get(i), argument);
      checkRole(element, handler, parameters.get(i).role());
    }
  }

  private void checkType(
      VariableElement element, Parameter parameter, @Nullable KernelArgument argument) {
    AbiKind wanted = kind(parameter, argument);
    if (wanted == null || wanted.fits(parameter.type())) {
      return;
    }
    String reason =
        argument == null || parameter.role().kind() == RoleKind.FD
            ? "a parameter of this role"
            : "the kernel's argument \"" + argument + "\"";
    diagnostics.error(
        Tag.ARGUMENT_TYPE,
        element,
        reason + " is declared " + wanted.javaTypes() + ", not " + parameter.type());
  }

  /** What the register holds: as the role says where it is plain, else as the kernel declares. */
  private static @Nullable AbiKind kind(Parameter parameter, @Nullable KernelArgument argument) {
    RoleKind role = parameter.role().kind();
    if (role == RoleKind.FD) {
      return AbiKind.I32;
    }
    if (argument != null) {
      return argument.kind();
    }
    return switch (role) {
      case FD, PID, SIGNAL -> AbiKind.I32;
      case C_STRING, USER_PTR, OFFSET, SIZE -> AbiKind.U64;
      case MODE -> AbiKind.U16;
      case PLAIN, FLAGS, ENUM -> isNumber(parameter.type()) ? null : AbiKind.U64;
    };
  }

  private static boolean isNumber(String javaType) {
    return javaType.equals("int") || javaType.equals("long") || javaType.equals("short");
  }

  private void checkRole(VariableElement element, Handler handler, Role role) {
    if (HandlerParser.roles(element).size() > 1) {
      diagnostics.error(
          Tag.ROLE_CONFLICT, element, "a parameter has one role; keep one of these annotations");
    }
    switch (role.kind()) {
      case FLAGS -> checkFlags(element, role);
      case ENUM -> checkGroup(element, "EnumOf", role);
      case USER_PTR -> {
        checkLength(element, handler, "length", role.length());
        checkLength(element, handler, "count", role.count());
        if (!role.of().isEmpty() && names.struct(role.of()) == null) {
          diagnostics.error(
              Tag.UNKNOWN_STRUCT,
              element,
              "UserPtr",
              "struct",
              "the pinned layouts have no struct \""
                  + role.of()
                  + "\"; near it: "
                  + names.structsLike(role.of()));
        }
      }
      default -> {
        // The other roles name nothing.
      }
    }
  }

  private void checkFlags(VariableElement element, Role role) {
    checkGroup(element, "Flags", role);
    if (names.hasConstants(role.of())) {
      for (String flag : role.supported()) {
        if (names.constant(role.of(), flag) == null) {
          diagnostics.error(
              Tag.UNKNOWN_FLAG,
              element,
              "Flags",
              "supported",
              "group \"" + role.of() + "\" has no flag \"" + flag + "\"");
        }
      }
    }
  }

  private void checkGroup(VariableElement element, String annotation, Role role) {
    if (!names.hasConstants(role.of())) {
      diagnostics.error(
          Tag.UNKNOWN_GROUP,
          element,
          annotation,
          "value",
          "the pinned constants have no group \""
              + role.of()
              + "\"; near it: "
              + PinnedNames.like(names.groups(), role.of()));
    }
  }

  private void checkLength(VariableElement element, Handler handler, String member, String text) {
    if (LengthRef.parse(text, handler.parameters()) == null) {
      diagnostics.error(
          Tag.UNKNOWN_LENGTH,
          element,
          "UserPtr",
          member,
          "\""
              + text
              + "\" is no parameter of "
              + handler.method()
              + "; write one of "
              + handler.parameters().stream().map(Parameter::name).collect(Collectors.joining(", "))
              + ", \"*\" and a pointer to it, \"$result\" or a number");
    }
  }
}
