package dev.svc0.processor.emit;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.annotation.index.SyscallIndex;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelTable;
import dev.svc0.processor.model.Parameter;
import dev.svc0.processor.model.PinnedNames;
import dev.svc0.processor.model.Role;
import dev.svc0.processor.model.Table;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.util.Elements;

/** Writes the index of one class of handlers. */
public final class IndexEmitter {
  private IndexEmitter() {}

  /** The file for handlers of one class, which are not empty. */
  public static JavaFile emit(
      List<Handler> handlers, Element origin, PinnedNames names, Elements elements) {
    String owner = handlers.getFirst().handlers();
    Table table = new Table(KernelTable.arm64(), handlers);
    AnnotationSpec.Builder index =
        AnnotationSpec.builder(SyscallIndex.class).addMember("handlers", "$S", owner);
    handlers.stream()
        .sorted(Handler.ORDER)
        .forEach(handler -> index.addMember("calls", "$L", call(handler)));
    TypeSpec.Builder type =
        TypeSpec.classBuilder(markerName(owner))
            .addJavadoc(
                """
                Tells tables compiled later which system calls $L handles,
                and lets tables compiled without them call them.
                """,
                owner)
            .addAnnotation(index.build())
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addSuperinterface(RuntimeNames.MODULE)
            .addOriginatingElement(origin);
    InfoEmitter.addTo(type, table, names);
    DispatchEmitter.addTo(type, table, names, elements);
    return Files.java(
        SyscallIndex.PACKAGE, type.build(), "Generated from the handlers of " + owner + ".");
  }

  /**
   * One class name for each class of handlers: dots become underscores, underscores are doubled.
   */
  private static String markerName(String owner) {
    return owner.replace("_", "__").replace('.', '_');
  }

  private static AnnotationSpec call(Handler handler) {
    AnnotationSpec.Builder call =
        AnnotationSpec.builder(SyscallIndex.Call.class)
            .addMember("nr", "$L", handler.nr())
            .addMember("name", "$S", handler.name())
            .addMember("method", "$S", handler.method())
            .addMember("support", "$T.$L", Support.class, handler.support())
            .addMember("note", "$S", handler.note())
            .addMember("since", "$S", handler.since());
    strings(call, "errors", handler.errors());
    call.addMember("restart", "$T.$L", Restart.class, handler.restart());
    if (handler.parameters().isEmpty()) {
      call.addMember("parameters", "{}");
    }
    for (Parameter parameter : handler.parameters()) {
      call.addMember("parameters", "\n$L", parameter(parameter));
    }
    return call.build();
  }

  private static AnnotationSpec parameter(Parameter parameter) {
    Role role = parameter.role();
    AnnotationSpec.Builder spec =
        AnnotationSpec.builder(SyscallIndex.Parameter.class)
            .addMember("name", "$S", parameter.name())
            .addMember("type", "$S", parameter.type())
            .addMember("role", "$T.$L", RoleKind.class, role.kind());
    if (!role.of().isEmpty()) {
      spec.addMember("of", "$S", role.of());
    }
    if (role.kind() == RoleKind.USER_PTR) {
      spec.addMember("access", "$T.$L", UserPtr.Access.class, role.access());
      spec.addMember("length", "$S", role.length());
      spec.addMember("count", "$S", role.count());
    }
    if (!role.supported().isEmpty()) {
      strings(spec, "supported", role.supported());
    }
    return spec.build();
  }

  private static void strings(AnnotationSpec.Builder spec, String member, List<String> values) {
    if (values.isEmpty()) {
      spec.addMember(member, "{}");
    }
    values.forEach(value -> spec.addMember(member, "$S", value));
  }
}
