package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.interp.Interpreter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Interprets what is cold and runs translations of what is hot. Thread-safe. */
public final class TieredEngine implements Engine {
  private final UnitStore store;

  /** With what serves most programs. */
  public TieredEngine() {
    this(EngineOptions.defaults());
  }

  /** With given bounds. */
  public TieredEngine(EngineOptions options) {
    store = new UnitStore(options);
  }

  /** What was translated. */
  public EngineStatistics statistics() {
    return store.statistics;
  }

  /**
   * Keeps translations to machine code in a file, from which later runs have them without the work.
   * Called before anything runs.
   *
   * @param file the user's own; replaced as a whole, and not used when it is damaged, others may
   *     write to it, or another build of svc0 or another host made it
   */
  public void keepTranslations(Path file) {
    store.quick.keep(file, TieredEngine::ownBuild);
  }

  /** The same with a name for the build, where it is not a jar. */
  public void keepTranslations(Path file, String build) {
    store.quick.keep(file, () -> build);
  }

  /** What tells one build of the translator from another; null when it does not run from a jar. */
  private static @Nullable String ownBuild() {
    try {
      Path jar =
          Path.of(TieredEngine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      BasicFileAttributes facts = Files.readAttributes(jar, BasicFileAttributes.class);
      return facts.isDirectory() ? null : facts.size() + " " + facts.lastModifiedTime();
    } catch (IOException | URISyntaxException unknown) {
      return null;
    }
  }

  /** Whether there are translations that a later run would gain from. */
  public boolean hasTranslationsToSave() {
    return store.quick.isWorthSaving();
  }

  /**
   * Writes the file of {@link #keepTranslations}. Nothing runs any more.
   *
   * @throws IOException when it cannot be written; the file is then as it was
   */
  public void saveTranslations() throws IOException {
    store.quick.save();
  }

  @Override
  public int run(Cpu cpu) {
    // An exception return opens the exclusive monitor.
    cpu.exclusiveAddress = -1;
    UnitSpace space = UnitSpace.of(cpu, store);
    cpu.enterWindow();
    try {
      return runInside(cpu, space);
    } catch (GuestAbort abort) {
      cpu.returnStack = Long.MAX_VALUE; // of a call that was under way
      return Cpu.VECTOR_SYNC;
    } finally {
      cpu.leaveWindow();
    }
  }

  private int runInside(Cpu cpu, UnitSpace entered) {
    UnitSpace space = entered;
    int branches = store.options.sampleBranches();
    while (true) {
      if (cpu.requestPending() && cpu.takeRequests()) {
        return Cpu.VECTOR_IRQ;
      }
      if (cpu.unitSpace != space) {
        space = UnitSpace.of(cpu, store);
      }
      cpu.units = space.valid();
      if (Quick.run(cpu, space) != Quick.NONE) {
        continue;
      }
      long pc = cpu.pc;
      Unit unit = space.find(pc);
      if (unit == null) {
        unit = space.heated(cpu, pc);
      }
      if (unit != null) {
        if (space.quick() != null && unit.isEnteredTooOften()) {
          space.demote(unit);
          continue;
        }
        long next = unit.code.run(cpu, 0);
        if (next != Support.UNWIND) {
          cpu.pc = next;
        }
        continue;
      }
      if (space.warmed(cpu, pc)) {
        continue;
      }
      long retired = cpu.retired;
      int vector = Interpreter.step(cpu, branches);
      if (vector != 0) {
        return vector;
      }
      long executed = cpu.retired - retired;
      if (executed >= UnitSpace.LOOK) {
        space.heatMore(pc, executed);
      } else if (executed == 0 && cpu.pc == pc) {
        cpu.code().unmark(pc);
      }
    }
  }
}
