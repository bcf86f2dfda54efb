package dev.svc0.processor.parse;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.Offset;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.SignalNr;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.Parameter;
import dev.svc0.processor.model.Role;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;

/** Reads one annotated method. */
public final class HandlerParser {
  private HandlerParser() {}

  /** The handler as declared, whether or not the declaration makes sense. */
  public static Handler parse(ExecutableElement method) {
    SyscallDefine define = method.getAnnotation(SyscallDefine.class);
    TypeElement owner = (TypeElement) Objects.requireNonNull(method.getEnclosingElement());
    List<? extends VariableElement> declared = method.getParameters();
    return new Handler(
        define.nr(),
        define.name(),
        owner.getQualifiedName().toString(),
        method.getSimpleName().toString(),
        define.support(),
        define.note(),
        define.since(),
        List.of(define.errors()),
        define.restart(),
        declared.stream().skip(1).map(HandlerParser::parameter).toList());
  }

  private static Parameter parameter(VariableElement element) {
    List<Role> roles = roles(element);
    return new Parameter(
        element.getSimpleName().toString(),
        element.asType().getKind().isPrimitive()
            ? element.asType().getKind().name().toLowerCase(java.util.Locale.ROOT)
            : element.asType().toString(),
        roles.isEmpty() ? Role.PLAIN : roles.getFirst());
  }

  /** Every role a parameter has; more than one is an error. */
  public static List<Role> roles(VariableElement element) {
    List<Role> roles = new ArrayList<>();
    plain(element, Fd.class, RoleKind.FD, roles);
    plain(element, CString.class, RoleKind.C_STRING, roles);
    plain(element, Mode.class, RoleKind.MODE, roles);
    plain(element, Pid.class, RoleKind.PID, roles);
    plain(element, SignalNr.class, RoleKind.SIGNAL, roles);
    plain(element, Offset.class, RoleKind.OFFSET, roles);
    plain(element, Size.class, RoleKind.SIZE, roles);
    Flags flags = element.getAnnotation(Flags.class);
    if (flags != null) {
      roles.add(
          new Role(
              RoleKind.FLAGS,
              flags.value(),
              UserPtr.Access.IN,
              "",
              "",
              List.of(flags.supported())));
    }
    EnumOf enumOf = element.getAnnotation(EnumOf.class);
    if (enumOf != null) {
      roles.add(Role.of(RoleKind.ENUM, enumOf.value()));
    }
    UserPtr pointer = element.getAnnotation(UserPtr.class);
    if (pointer != null) {
      roles.add(
          new Role(
              RoleKind.USER_PTR,
              pointer.struct(),
              pointer.access(),
              pointer.length(),
              pointer.count(),
              List.of()));
    }
    return roles;
  }

  private static void plain(
      VariableElement element, Class<? extends Annotation> type, RoleKind kind, List<Role> to) {
    if (element.getAnnotation(type) != null) {
      to.add(Role.of(kind, ""));
    }
  }
}
