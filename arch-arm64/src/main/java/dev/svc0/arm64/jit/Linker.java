package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;

/** Links calls of units to units. */
final class Linker {
  /** A site that changes more often is not linked any more. */
  private static final int MOST_LINKS = 6;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType CODE_TYPE =
      MethodType.methodType(long.class, Cpu.class, int.class);
  private static final MethodHandle LINK = handle("link");
  private static final MethodHandle DISPATCH = handle("dispatch");

  private Linker() {}

  private static MethodHandle handle(String name) {
    try {
      return LOOKUP.findVirtual(Site.class, name, CODE_TYPE);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A branch or call to one address. */
  static final class Site extends MutableCallSite {
    private final long pc;
    private int links;

    Site(long pc) {
      super(CODE_TYPE);
      this.pc = pc;
      setTarget(LINK.bindTo(this));
    }

    /** Finds the unit, and has the next call go there at once. */
    long link(Cpu cpu, int depth) {
      UnitSpace space = Support.space(cpu);
      Unit unit = space.called(cpu, pc);
      if (unit == null) {
        return pc;
      }
      linkTo(unit);
      return unit.code.run(cpu, depth);
    }

    synchronized void linkTo(Unit unit) {
      if (++links > MOST_LINKS) {
        setTarget(DISPATCH.bindTo(this));
      } else if (unit.addCaller(this)) {
        setTarget(unit.handle);
      }
    }

    long dispatch(Cpu cpu, int depth) {
      return Support.jump(cpu, pc, depth);
    }

    /** The unit is gone. */
    synchronized void unlink() {
      setTarget(LINK.bindTo(this));
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
