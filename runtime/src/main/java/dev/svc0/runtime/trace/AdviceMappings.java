package dev.svc0.runtime.trace;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.implementation.bytecode.Removal;
import net.bytebuddy.implementation.bytecode.StackManipulation;
import net.bytebuddy.implementation.bytecode.assign.primitive.PrimitiveWideningDelegate;
import net.bytebuddy.implementation.bytecode.constant.IntegerConstant;
import net.bytebuddy.implementation.bytecode.constant.JavaConstantValue;
import net.bytebuddy.implementation.bytecode.constant.LongConstant;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.implementation.bytecode.member.MethodVariableAccess;
import net.bytebuddy.utility.JavaConstant;

/**
 * How the parameters of {@link FunctionAdvice} are filled in a method: constants and plain loads.
 */
final class AdviceMappings {
  private static final TypeDescription LONG = TypeDescription.ForLoadedType.of(long.class);
  private static final StackManipulation REFERENCE;
  private static final Method METHOD_ID;

  static {
    try {
      REFERENCE =
          MethodInvocation.invoke(
              new MethodDescription.ForLoadedMethod(
                  Tracer.class.getMethod("reference", Object.class)));
      METHOD_ID =
          Tracer.class.getMethod(
              "methodId",
              MethodHandles.Lookup.class,
              String.class,
              Class.class,
              String.class,
              String.class,
              int.class,
              String.class,
              String.class,
              String.class,
              String.class,
              String.class);
    } catch (NoSuchMethodException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private AdviceMappings() {}

  /** An advice class with all parameters filled. */
  static Advice advice(Class<?> type) {
    return Advice.withCustomMapping()
        .bind(factory(FunctionAdvice.MethodId.class, (a, c, m, h) -> methodId(c, m)))
        .bind(factory(FunctionAdvice.LateMethodId.class, (a, c, m, h) -> lateMethodId(c, m)))
        .bind(factory(FunctionAdvice.Slot.class, (a, c, m, h) -> slot(a.value(), m, h)))
        .bind(factory(FunctionAdvice.Result.class, (a, c, m, h) -> result(m, h)))
        .to(type);
  }

  /** The key of a method in the {@link MethodTable}. */
  static String key(TypeDescription type, MethodDescription method) {
    return type.getName() + '.' + method.getInternalName() + method.getDescriptor();
  }

  private static StackManipulation methodId(TypeDescription type, MethodDescription method) {
    return IntegerConstant.forValue(MethodTable.get(key(type, method)).id());
  }

  /** A constant that the JVM gets from {@link Tracer#methodId} when it is first needed. */
  private static StackManipulation lateMethodId(TypeDescription type, MethodDescription method) {
    TracedMethod traced = Weaver.described((MethodDescription.InDefinedShape) method, type, -1);
    return new JavaConstantValue(
        JavaConstant.Dynamic.bootstrap(
            "methodId",
            METHOD_ID,
            traced.name(),
            traced.layer().name(),
            traced.systemCall() ? 1 : 0,
            traced.className(),
            traced.methodName(),
            traced.descriptor(),
            String.join(",", traced.arguments()),
            traced.result().name()));
  }

  private static StackManipulation slot(
      int index, MethodDescription method, Advice.ArgumentHandler handler) {
    if (index >= method.getParameters().size()) {
      return LongConstant.ZERO;
    }
    ParameterDescription parameter = method.getParameters().get(index);
    return widened(parameter.getType(), handler.argument(parameter.getOffset()));
  }

  private static StackManipulation result(
      MethodDescription method, Advice.ArgumentHandler handler) {
    TypeDefinition type = method.getReturnType();
    return type.represents(void.class) ? LongConstant.ZERO : widened(type, handler.returned());
  }

  private static StackManipulation widened(TypeDefinition type, int offset) {
    StackManipulation load = MethodVariableAccess.of(type).loadFrom(offset);
    if (!type.isPrimitive()) {
      return new StackManipulation.Compound(load, REFERENCE);
    }
    if (type.represents(float.class) || type.represents(double.class)) {
      return new StackManipulation.Compound(load, Removal.of(type), LongConstant.ZERO);
    }
    TypeDefinition from =
        type.represents(boolean.class) ? TypeDescription.ForLoadedType.of(int.class) : type;
    return new StackManipulation.Compound(
        load, PrimitiveWideningDelegate.forPrimitive(from).widenTo(LONG));
  }

  /** What a parameter of the advice reads. */
  private interface Reading<T extends Annotation> {
    StackManipulation read(
        T annotation,
        TypeDescription instrumentedType,
        MethodDescription instrumentedMethod,
        Advice.ArgumentHandler handler);
  }

  private static <T extends Annotation> Advice.OffsetMapping.Factory<T> factory(
      Class<T> annotationType, Reading<T> reading) {
    return new Advice.OffsetMapping.Factory<>() {
      @Override
      public Class<T> getAnnotationType() {
        return annotationType;
      }

      @Override
      public Advice.OffsetMapping make(
          ParameterDescription.InDefinedShape target,
          AnnotationDescription.Loadable<T> annotation,
          AdviceType adviceType) {
        T loaded = annotation.load();
        return (type, method, assigner, handler, sort) ->
            new Advice.OffsetMapping.Target.ForStackManipulation(
                reading.read(loaded, type, method, handler));
      }
    };
  }
}
