package dev.svc0.runtime.trace;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** The code that is woven into methods: a call at entry, one at exit, and nothing else. */
final class FunctionAdvice {
  /** An {@code int}: the id of the method woven into. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface MethodId {}

  /** An {@code int}: the same, asked for when the code first runs. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface LateMethodId {}

  /** A {@code long}: the argument of that number, widened; 0 when there is none. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Slot {
    int value();
  }

  /** A {@code long}: what the method returns, widened; 0 for nothing. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Result {}

  private FunctionAdvice() {}

  /** Entry and exit. */
  static final class Plain {
    private Plain() {}

    @Advice.OnMethodEnter
    static @Nullable TraceRing enter(@MethodId int method) {
      return Tracer.enter(method);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(
        @Advice.Enter @Nullable TraceRing ring,
        @MethodId int method,
        @Result long result,
        @Advice.Thrown @Nullable Throwable thrown) {
      Tracer.exit(ring, method, result, thrown);
    }
  }

  /** Entry with arguments, and exit. */
  static final class Arguments {
    private Arguments() {}

    @Advice.OnMethodEnter
    static @Nullable TraceRing enter(
        @MethodId int method,
        @Slot(0) long a0,
        @Slot(1) long a1,
        @Slot(2) long a2,
        @Slot(3) long a3,
        @Slot(4) long a4) {
      return Tracer.enter(method, a0, a1, a2, a3, a4);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(
        @Advice.Enter @Nullable TraceRing ring,
        @MethodId int method,
        @Result long result,
        @Advice.Thrown @Nullable Throwable thrown) {
      Tracer.exit(ring, method, result, thrown);
    }
  }

  /** The same, woven when a class is built: whether it records is asked each time. */
  static final class Built {
    private Built() {}

    @Advice.OnMethodEnter
    static @Nullable TraceRing enter(
        @LateMethodId int method,
        @Slot(0) long a0,
        @Slot(1) long a1,
        @Slot(2) long a2,
        @Slot(3) long a3,
        @Slot(4) long a4) {
      return Tracer.enterBuilt(method, a0, a1, a2, a3, a4);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(
        @Advice.Enter @Nullable TraceRing ring,
        @LateMethodId int method,
        @Result long result,
        @Advice.Thrown @Nullable Throwable thrown) {
      Tracer.exit(ring, method, result, thrown);
    }
  }
}
