package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import org.jspecify.annotations.Nullable;

/** Links calls of units to units. */
final class Linker {
  /** A site that changes more often is not linked any more. */
  private static final int MOST_LINKS = 6;

  /**
   * Calls after which a site is not linked any more: what is around it is likely to be compiled.
   */
  private static final int YOUNG = 5_000;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType CODE_TYPE =
      MethodType.methodType(long.class, Cpu.class, int.class);
  private static final MethodHandle DISPATCH = handle("dispatch");

  private Linker() {}

  private static MethodHandle handle(String name) {
    try {
      return LOOKUP.findVirtual(Site.class, name, CODE_TYPE);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * A branch or call to one address. It becomes a call of the unit there if there is one early on.
   * Later that would throw away what HotSpot has compiled around it, so it then asks each time
   * which unit is there, which takes hardly longer.
   */
  static final class Site extends MutableCallSite {
    private final long pc;
    private int links;

    /** Calls that came here, up to {@link #YOUNG}; a hint. */
    private int calls;

    /** What it calls; null when that must be found. */
    private @Nullable Unit unit;

    Site(long pc) {
      super(CODE_TYPE);
      this.pc = pc;
      setTarget(DISPATCH.bindTo(this));
    }

    long dispatch(Cpu cpu, int depth) {
      Unit known = unit;
      if (calls < YOUNG) {
        calls++;
      }
      if (known == null) {
        known = Support.space(cpu).called(cpu, pc);
        if (known == null) {
          return Resumption.cold(cpu, pc, depth);
        }
        know(known);
      }
      if (calls < YOUNG) {
        linkTo(known);
      }
      return known.code.run(cpu, depth);
    }

    private synchronized void know(Unit found) {
      if (found.addCaller(this)) {
        unit = found;
      }
    }

    private synchronized void linkTo(Unit known) {
      if (known == unit && ++links <= MOST_LINKS) {
        setTarget(known.handle);
      }
    }

    /** The unit is gone. */
    synchronized void unlink() {
      unit = null;
      if (links > 0 && links <= MOST_LINKS) {
        setTarget(DISPATCH.bindTo(this));
      }
    }
  }

  /** Called by the JVM for each call of a unit when it is first reached. */
  static CallSite bootstrap(MethodHandles.Lookup caller, String name, MethodType type, long pc) {
    return new Site(pc);
  }

  /** A unit's code, given its class. */
  static MethodHandle codeOf(MethodHandles.Lookup type) throws ReflectiveOperationException {
    return type.findStatic(type.lookupClass(), Translator.CODE, CODE_TYPE);
  }
}
