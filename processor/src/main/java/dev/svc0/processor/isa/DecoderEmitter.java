package dev.svc0.processor.isa;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.svc0.processor.isa.IsaSpec.Instruction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.lang.model.element.Modifier;

/**
 * Writes a decoder as a tree: each method switches over the bits that tell its candidates apart, a
 * leaf tests the few that are left in the order of the specification.
 */
final class DecoderEmitter {
  private static final int LEAF = 3;
  private static final int MAX_SWITCH_BITS = 6;

  private final ClassName numbers;
  private final TypeSpec.Builder type;
  private int methods;

  private DecoderEmitter(ClassName numbers, String name) {
    this.numbers = numbers;
    this.type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc("Finds the instruction that a word encodes.\n")
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
  }

  static TypeSpec emit(IsaSpec spec, ClassName numbers, String name) {
    DecoderEmitter emitter = new DecoderEmitter(numbers, name);
    List<Instruction> inOrder =
        spec.instructions().stream().sorted(Comparator.comparingInt(Instruction::line)).toList();
    String root = emitter.node(inOrder, 0);
    emitter.type.addMethod(
        MethodSpec.methodBuilder("decode")
            .addJavadoc("The number of the instruction, or $T.UNDEFINED.\n", numbers)
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
            .returns(int.class)
            .addParameter(int.class, "insn")
            .addStatement("return $L(insn)", root)
            .build());
    return emitter.type.build();
  }

  /** Writes a method for the candidates; bits in {@code known} are already decided. */
  private String node(List<Instruction> candidates, int known) {
    String name = "node" + methods++;
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(int.class)
            .addParameter(int.class, "insn");
    int key = candidates.size() <= LEAF ? 0 : keyBits(candidates, known);
    method.addCode(key == 0 ? leaf(candidates, known) : branch(candidates, known, key));
    type.addMethod(method.build());
    return name;
  }

  private CodeBlock leaf(List<Instruction> candidates, int known) {
    CodeBlock.Builder code = CodeBlock.builder();
    for (Instruction one : candidates) {
      int open = one.mask() & ~known;
      if (open == 0) {
        return code.addStatement("return $T.$L", numbers, one.name()).build();
      }
      code.beginControlFlow("if ((insn & $L) == $L)", hex(open), hex(one.value() & open))
          .addStatement("return $T.$L", numbers, one.name())
          .endControlFlow();
    }
    return code.addStatement("return $T.UNDEFINED", numbers).build();
  }

  private CodeBlock branch(List<Instruction> candidates, int known, int key) {
    int low = Integer.numberOfTrailingZeros(key);
    CodeBlock.Builder code =
        CodeBlock.builder()
            .beginControlFlow("return switch (insn >>> $L & $L)", low, hex(key >>> low));
    for (int value = 0; value <= key >>> low; value++) {
      List<Instruction> left = new ArrayList<>();
      for (Instruction one : candidates) {
        if (((one.value() ^ value << low) & one.mask() & key) == 0) {
          left.add(one);
        }
      }
      if (!left.isEmpty()) {
        code.addStatement("case $L -> $L(insn)", value, node(left, known | key));
      }
    }
    return code.addStatement("default -> $T.UNDEFINED", numbers).endControlFlow("").build();
  }

  /** A run of bits to switch over: fixed in all candidates if there is such a run, else in most. */
  private static int keyBits(List<Instruction> candidates, int known) {
    int[] fixed = new int[32];
    int best = 0;
    for (int bit = 0; bit < 32; bit++) {
      if ((known >>> bit & 1) == 0) {
        fixed[bit] = telling(candidates, bit);
        best = Math.max(best, fixed[bit]);
      }
    }
    if (best == 0) {
      return 0;
    }
    int high = 31;
    while (fixed[high] != best) {
      high--;
    }
    int key = 0;
    for (int bit = high; bit >= 0 && high - bit < MAX_SWITCH_BITS; bit--) {
      if (fixed[bit] != best) {
        break;
      }
      key |= 1 << bit;
    }
    return key;
  }

  /** How many candidates fix the bit, or 0 when all that do agree. */
  private static int telling(List<Instruction> candidates, int bit) {
    int ones = 0;
    int zeros = 0;
    for (Instruction one : candidates) {
      if ((one.mask() >>> bit & 1) != 0) {
        if ((one.value() >>> bit & 1) != 0) {
          ones++;
        } else {
          zeros++;
        }
      }
    }
    return ones == 0 || zeros == 0 ? 0 : ones + zeros;
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }
}
