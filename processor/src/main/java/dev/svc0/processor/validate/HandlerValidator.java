package dev.svc0.processor.validate;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.processor.diag.Diagnostics;
import dev.svc0.processor.diag.Tag;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.KernelCall;
import dev.svc0.processor.model.KernelTable;
import dev.svc0.processor.model.PinnedNames;
import java.util.List;
import java.util.regex.Pattern;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Judges one handler: its method, its number and name, its parameters. */
public final class HandlerValidator {
  /** Qualified name of the type that every handler takes first. */
  public static final String TASK = "dev.svc0.runtime.task.Task";

  private static final String DEFINE = SyscallDefine.class.getSimpleName();
  private static final Pattern C_NAME = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final String OWN_RANGE = SyscallDefine.FIRST_OWN + " to " + SyscallDefine.LAST_OWN;

  private final Diagnostics diagnostics;
  private final PinnedNames names;
  private final KernelTable kernel;
  private final ParameterValidator parameters;

  /** Judges against the table that handlers are numbered by. */
  public HandlerValidator(Diagnostics diagnostics, PinnedNames names, KernelTable kernel) {
    this.diagnostics = diagnostics;
    this.names = names;
    this.kernel = kernel;
    this.parameters = new ParameterValidator(diagnostics, names);
  }

  /** Reports what is wrong; true when nothing is. */
  public boolean validate(ExecutableElement method, Handler handler) {
    int before = diagnostics.errors();
    checkMethod(method);
    checkNumberAndName(method, handler);
    checkErrors(method, handler);
    KernelCall call = handler.own() ? null : kernel.byName(handler.name());
    if (call != null && call.nr() != handler.nr()) {
      call = null;
    }
    parameters.validate(method, handler, call);
    return diagnostics.errors() == before;
  }

  private void checkMethod(ExecutableElement method) {
    if (!method.getModifiers().contains(Modifier.STATIC)) {
      diagnostics.error(
          Tag.NOT_STATIC, method, "a handler is a static method: write \"public static long\"");
    }
    for (Element at = method; at != null; at = at.getEnclosingElement()) {
      if (at instanceof PackageElement home) {
        checkNamed(method, home);
        break;
      }
      if (!at.getModifiers().contains(Modifier.PUBLIC)) {
        String what = at == method ? "the handler" : "class " + at.getSimpleName();
        diagnostics.error(
            Tag.NOT_PUBLIC,
            method,
            "generated dispatch in another package calls the handler: make " + what + " public");
      }
    }
    TypeMirror returned = method.getReturnType();
    if (returned.getKind() != TypeKind.LONG && returned.getKind() != TypeKind.ERROR) {
      diagnostics.error(
          Tag.RETURN_TYPE,
          method,
          "a handler returns long, a result or -errno, and this one returns "
              + returned
              + ": write \"public static long\"");
    }
    List<? extends VariableElement> declared = method.getParameters();
    TypeMirror first = declared.isEmpty() ? null : declared.getFirst().asType();
    if (first == null || (first.getKind() != TypeKind.ERROR && !first.toString().equals(TASK))) {
      diagnostics.error(
          Tag.TASK_PARAMETER,
          declared.isEmpty() ? method : declared.getFirst(),
          "the first parameter is the calling task: write \"" + TASK + " task\" before the others");
    }
  }

  private void checkNamed(ExecutableElement method, PackageElement home) {
    if (home.isUnnamed()) {
      diagnostics.error(
          Tag.NOT_PUBLIC,
          method,
          "a class without a package cannot be named elsewhere: put it into a package");
    }
  }

  private void checkNumberAndName(ExecutableElement method, Handler handler) {
    int nr = handler.nr();
    String name = handler.name();
    KernelCall named = kernel.byName(name);
    KernelCall numbered = kernel.byNumber(nr);
    if (!C_NAME.matcher(name).matches()) {
      diagnostics.error(
          Tag.BAD_NAME,
          method,
          DEFINE,
          "name",
          "\"" + name + "\" becomes __NR_" + name + " in C: use small letters, digits and _");
    } else if (named != null && named.nr() != nr) {
      diagnostics.error(
          Tag.NUMBER_NAME,
          method,
          DEFINE,
          "nr",
          "\"" + name + "\" is number " + named.nr() + numberedText(nr, numbered));
    } else if (named == null && !handler.own()) {
      diagnostics.error(
          Tag.UNKNOWN_NAME,
          method,
          DEFINE,
          "name",
          "arm64 Linux has no call \""
              + name
              + "\""
              + numberedText(nr, numbered)
              + "; a call of your own takes a number from "
              + OWN_RANGE);
    }
  }

  private static String numberedText(int nr, @Nullable KernelCall numbered) {
    return numbered == null
        ? ", and no call has number " + nr
        : ", and number " + nr + " is \"" + numbered.name() + "\"";
  }

  private void checkErrors(ExecutableElement method, Handler handler) {
    for (String error : handler.errors()) {
      if (!names.errors().contains(error)) {
        diagnostics.error(
            Tag.UNKNOWN_ERRNO,
            method,
            DEFINE,
            "errors",
            "there is no error \""
                + error
                + "\"; near it: "
                + PinnedNames.like(names.errors(), error));
      }
    }
  }
}
