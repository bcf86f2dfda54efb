package dev.svc0.arm64;

import dev.svc0.runtime.syscall.TableDispatch;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generated dispatch whose every call of a handler is replaced, in its bytecode, by a recorder:
 * the narrowing that runs is the real one, and no handler runs.
 */
public final class RecordedDispatch {
  /** What the last call would have given its handler. */
  public record Call(String method, List<Object> arguments) {}

  private static @Nullable Call last;

  private RecordedDispatch() {}

  /** A copy of a generated table that records. */
  static TableDispatch of(Class<? extends TableDispatch> table) throws Exception {
    byte[] recorded = ClassFile.of().transformClass(parse(table), recording());
    return (TableDispatch)
        MethodHandles.privateLookupIn(table, MethodHandles.lookup())
            .defineHiddenClass(recorded, true)
            .lookupClass()
            .getDeclaredConstructor()
            .newInstance();
  }

  private static ClassModel parse(Class<?> table) throws IOException {
    try (InputStream in = table.getResourceAsStream(table.getSimpleName() + ".class")) {
      if (in == null) {
        throw new IllegalStateException("no class file of " + table);
      }
      return ClassFile.of().parse(in.readAllBytes());
    }
  }

  private static ClassTransform recording() {
    DirectMethodHandleDesc bootstrap =
        MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            ClassDesc.of(RecordedDispatch.class.getName()),
            "bootstrap",
            java.lang.constant.MethodTypeDesc.of(
                ConstantDescs.CD_CallSite,
                ConstantDescs.CD_MethodHandles_Lookup,
                ConstantDescs.CD_String,
                ConstantDescs.CD_MethodType));
    CodeTransform code =
        (builder, element) -> {
          if (element instanceof InvokeInstruction invoke
              && invoke.opcode() == Opcode.INVOKESTATIC
              && !invoke.owner().asInternalName().endsWith("Info")) {
            builder.invokedynamic(
                DynamicCallSiteDesc.of(
                    bootstrap, invoke.name().stringValue(), invoke.typeSymbol()));
          } else {
            builder.with(element);
          }
        };
    return ClassTransform.transformingMethodBodies(code);
  }

  /** Links a recorder in place of a handler. */
  public static CallSite bootstrap(MethodHandles.Lookup lookup, String name, MethodType type)
      throws ReflectiveOperationException {
    MethodHandle record =
        MethodHandles.lookup()
            .findStatic(
                RecordedDispatch.class,
                "record",
                MethodType.methodType(long.class, String.class, Object[].class));
    return new ConstantCallSite(
        record.bindTo(name).asCollector(Object[].class, type.parameterCount()).asType(type));
  }

  static long record(String method, Object[] arguments) {
    last = new Call(method, Arrays.asList(arguments).subList(1, arguments.length));
    return 0;
  }

  /** What was recorded since the last question, or null. */
  static @Nullable Call take() {
    Call call = last;
    last = null;
    return call;
  }
}
