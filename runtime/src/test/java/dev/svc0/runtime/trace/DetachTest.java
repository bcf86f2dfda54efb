package dev.svc0.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.toys.ToyWrite;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** After a trace nothing is left: neither in the methods nor in the JVM's memory for classes. */
class DetachTest {
  private static final int CYCLES = 100;

  @BeforeAll
  static void enable() {
    Traces.enable();
  }

  @Test
  void methodsHaveTheInstructionsTheyHadAfterManyCycles() throws Exception {
    Map<String, List<String>> built = instructions(classFile(ToyWrite.class));
    for (int i = 0; i < CYCLES; i++) {
      TraceSession session =
          TraceSession.start(i % 2 == 0 ? Traces.toys() : Traces.toys().withArguments());
      ToyWrite.write(null, 3, 0, 100);
      assertThat(session.stop().records()).isEqualTo(11);
    }
    Recorder recorder = new Recorder();
    Instrumentation instrumentation = ByteBuddyAgent.install();
    instrumentation.addTransformer(recorder, true);
    try {
      TraceSession session = TraceSession.start(Traces.toys());
      session.stop();
    } finally {
      instrumentation.removeTransformer(recorder);
    }
    assertThat(recorder.last).isNotNull();
    assertThat(instructions(recorder.last)).isEqualTo(built);
  }

  @Test
  void wovenMethodsDifferOnlyWhereSelected() throws Exception {
    byte[] before = classFile(ToyWrite.class);
    byte[] after =
        new Weaver()
            .weave(
                ToyWrite.class.getClassLoader(),
                ToyWrite.class.getName(),
                before,
                Traces.toys().named("toy_page"));
    assertThat(after).isNotNull();
    Map<String, List<String>> was = instructions(before);
    Map<String, List<String>> is = instructions(after);
    for (String method : was.keySet()) {
      if (method.startsWith("page(")) {
        assertThat(is.get(method)).isNotEqualTo(was.get(method));
        assertThat(is.get(method)).anyMatch(line -> line.contains("Tracer"));
      } else {
        assertThat(is.get(method)).isEqualTo(was.get(method));
      }
    }
  }

  @Test
  void classMemoryDoesNotGrow() {
    cycles(CYCLES);
    long before = metaspace();
    cycles(2 * CYCLES);
    long after = metaspace();
    // A leak of one class or one set of methods a cycle would be several kilobytes each.
    assertThat(after - before).isLessThan(2 * CYCLES * 1024L);
  }

  private static void cycles(int count) {
    for (int i = 0; i < count; i++) {
      TraceSession session = TraceSession.start(Traces.toys());
      ToyWrite.write(null, 3, 0, 100);
      session.stop();
    }
  }

  private static long metaspace() {
    long used = 0;
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().contains("Metaspace")) {
        used += pool.getUsage().getUsed();
      }
    }
    return used;
  }

  private static byte[] classFile(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return in.readAllBytes();
    }
  }

  /** Sees what the JVM is about to install, when no other transformer comes after it. */
  private static final class Recorder implements ClassFileTransformer {
    private byte @Nullable [] last;

    @Override
    public byte @Nullable [] transform(
        ClassLoader loader,
        String name,
        Class<?> redefined,
        ProtectionDomain domain,
        byte[] classFile) {
      if (name.endsWith("/ToyWrite")) {
        last = classFile.clone();
      }
      return null;
    }
  }

  /** Each method's instructions, without what the constant pool's order changes. */
  private static Map<String, List<String>> instructions(byte[] classFile) {
    Map<String, List<String>> methods = new HashMap<>();
    ClassModel model = ClassFile.of().parse(classFile);
    for (MethodModel method : model.methods()) {
      List<String> lines = new ArrayList<>();
      method.code().ifPresent(code -> normalise(code.elementList(), lines));
      methods.put(method.methodName().stringValue() + method.methodType().stringValue(), lines);
    }
    return methods;
  }

  private static void normalise(List<CodeElement> elements, List<String> lines) {
    Map<Label, Integer> labels = new HashMap<>();
    int at = 0;
    for (CodeElement element : elements) {
      if (element instanceof LabelTarget target) {
        labels.put(target.label(), at);
      } else if (element instanceof Instruction) {
        at++;
      }
    }
    for (CodeElement element : elements) {
      switch (element) {
        case BranchInstruction branch ->
            lines.add(branch.opcode() + " -> " + labels.get(branch.target()));
        case ExceptionCatch handler ->
            lines.add(
                "catch "
                    + labels.get(handler.tryStart())
                    + labels.get(handler.tryEnd())
                    + labels.get(handler.handler()));
        case Instruction instruction -> lines.add(instruction.toString());
        default -> {}
      }
    }
  }
}
