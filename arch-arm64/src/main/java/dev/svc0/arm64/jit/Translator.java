package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.CPU;
import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.J;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.jspecify.annotations.Nullable;

/** Makes the class of a unit. */
final class Translator {
  /** HotSpot compiles no method of 8,000 bytes or more. */
  static final int MOST_BYTES = 7_900;

  static final String CODE = "code";
  static final MethodTypeDesc CODE_TYPE = MethodTypeDesc.of(J, CPU, I);

  private static final String PACKAGE = Translator.class.getPackageName();
  private static final ClassDesc UNIT_CODE = UnitCode.class.describeConstable().orElseThrow();
  private static final int PUBLIC_FINAL = ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL;

  private Translator() {}

  /**
   * A class that extends {@link UnitCode}.
   *
   * @param unit number, for the test at its entry
   * @return null when it would be more than a class file can hold
   */
  static byte @Nullable [] translate(GuestCode code, int unit) {
    try {
      return build(code, unit);
    } catch (IllegalArgumentException tooLarge) {
      return null;
    }
  }

  private static byte[] build(GuestCode code, int unit) {
    Flow.analyse(code);
    ClassDesc self = ClassDesc.of(PACKAGE, "Guest_" + Long.toHexString(code.entry().start));
    return ClassFile.of()
        .build(
            self,
            type -> {
              type.withSuperclass(UNIT_CODE).withFlags(PUBLIC_FINAL | ClassFile.ACC_SUPER);
              type.withMethodBody(
                  ConstantDescs.INIT_NAME,
                  ConstantDescs.MTD_void,
                  0,
                  c ->
                      c.aload(0)
                          .invokespecial(UNIT_CODE, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                          .return_());
              type.withMethodBody(
                  "run",
                  CODE_TYPE,
                  ClassFile.ACC_FINAL,
                  c -> c.aload(1).iload(2).invokestatic(self, CODE, CODE_TYPE).lreturn());
              type.withMethodBody(
                  CODE,
                  CODE_TYPE,
                  ClassFile.ACC_STATIC,
                  c -> new UnitWriter(c, code, unit).write());
            });
  }

  /** Length of the method that does the work. */
  static int codeLength(byte[] classFile) {
    return ClassFile.of().parse(classFile).methods().stream()
        .filter(method -> method.methodName().equalsString(CODE))
        .mapToInt(method ->
            method.findAttribute(java.lang.classfile.Attributes.code()).orElseThrow().codeLength())
        .findFirst()
        .orElseThrow();
  }
}
