package dev.svc0.processor.emit;

import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelArgument;
import dev.svc0.processor.model.Parameter;
import dev.svc0.processor.model.Role;
import java.util.stream.Collectors;

/** C types for calls of your own, which no kernel declares. */
final class Signatures {
  private Signatures() {}

  /** The call as a C declaration. */
  static String own(Handler handler) {
    return handler.name()
        + handler.parameters().stream()
            .map(parameter -> argument(parameter).toString())
            .collect(Collectors.joining(", ", "(", ")"));
  }

  /** A parameter as a kernel would declare it. */
  static KernelArgument argument(Parameter parameter) {
    boolean wide = parameter.type().equals("long");
    Role role = parameter.role();
    return switch (role.kind()) {
      case FD -> of(parameter, "int", AbiKind.I32);
      case PID -> of(parameter, "pid_t", AbiKind.I32);
      case SIGNAL -> of(parameter, "int", AbiKind.I32);
      case MODE -> of(parameter, "umode_t", AbiKind.U16);
      case OFFSET -> of(parameter, "loff_t", AbiKind.I64);
      case SIZE -> of(parameter, "size_t", AbiKind.U64);
      case C_STRING -> of(parameter, "const char __user *", AbiKind.PTR);
      case USER_PTR -> of(parameter, pointer(role), AbiKind.PTR);
      case FLAGS -> wide ? of(parameter, "unsigned long", AbiKind.U64) : u32(parameter);
      case PLAIN, ENUM ->
          wide ? of(parameter, "long", AbiKind.I64) : of(parameter, "int", AbiKind.I32);
    };
  }

  private static KernelArgument u32(Parameter parameter) {
    return of(parameter, "unsigned int", AbiKind.U32);
  }

  private static KernelArgument of(Parameter parameter, String type, AbiKind kind) {
    return new KernelArgument(parameter.name(), type, kind);
  }

  private static String pointer(Role role) {
    String to = role.of().isEmpty() ? "void" : structName(role.of());
    return (role.access() == UserPtr.Access.IN ? "const " : "") + to + " __user *";
  }

  private static String structName(String name) {
    return name.contains(" ") || name.endsWith("_t") ? name : "struct " + name;
  }
}
