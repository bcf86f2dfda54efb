package dev.svc0.runtime.trace;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.Traced;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.build.Plugin;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * Weaves advice into annotated methods while they are built, for JVMs in which classes cannot be
 * changed: named as the plug-in of ByteBuddy's build tools. Such methods record in every session
 * whose selection has them, and cost a look at a field otherwise.
 *
 * <p>For {@code byte-buddy-maven-plugin}, goal {@code transform}:
 *
 * <pre>{@code
 * <transformation>
 *   <plugin>dev.svc0.runtime.trace.TracePlugin</plugin>
 * </transformation>
 * }</pre>
 */
public final class TracePlugin implements Plugin {
  /** For the tool that names it. */
  public TracePlugin() {}

  @Override
  public boolean matches(TypeDescription type) {
    return !type.isInterface()
        && !type.getName().startsWith(TracePlugin.class.getPackageName() + '.')
        && type.getDeclaredMethods().stream().anyMatch(TracePlugin::isAnnotated);
  }

  private static boolean isAnnotated(MethodDescription method) {
    return !method.isAbstract()
        && !method.isNative()
        && method.isMethod()
        && (method.getDeclaredAnnotations().isAnnotationPresent(Traced.class)
            || method.getDeclaredAnnotations().isAnnotationPresent(SyscallDefine.class));
  }

  @Override
  public DynamicType.Builder<?> apply(
      DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator locator) {
    AsmVisitorWrapper.ForDeclaredMethods methods = new AsmVisitorWrapper.ForDeclaredMethods();
    for (MethodDescription.InDefinedShape method : type.getDeclaredMethods()) {
      if (isAnnotated(method)) {
        methods = methods.method(ElementMatchers.is(method), Weaver.BUILT);
      }
    }
    return builder.visit(methods);
  }

  @Override
  public void close() {}
}
