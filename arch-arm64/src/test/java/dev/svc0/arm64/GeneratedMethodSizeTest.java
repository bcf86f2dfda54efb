package dev.svc0.arm64;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HotSpot never compiles a method of 8,000 bytes or more: what is generated stays far below. */
class GeneratedMethodSizeTest {
  private static final int HUGE_METHOD_LIMIT = 8_000;

  static List<Path> generatedClasses() throws IOException, URISyntaxException {
    Path classes =
        Path.of(
                Arm64TableDispatch.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI())
            .resolve("dev/svc0/arm64");
    try (var files = Files.list(classes)) {
      return files
          .filter(file -> file.getFileName().toString().contains("Table"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("generatedClasses")
  void everyMethodIsBelowTheLimit(Path file) throws IOException {
    ClassModel model = ClassFile.of().parse(file);
    for (MethodModel method : model.methods()) {
      method
          .findAttribute(java.lang.classfile.Attributes.code())
          .ifPresent(code ->
              assertThat(code.codeLength())
                  .as(file.getFileName() + " " + method.methodName())
                  .isLessThan(HUGE_METHOD_LIMIT));
    }
  }

  @ParameterizedTest
  @MethodSource("generatedClasses")
  void blocksOfNumbersJumpThroughATable(Path file) throws IOException {
    if (!file.getFileName().toString().endsWith("Dispatch.class")) {
      return;
    }
    ClassModel model = ClassFile.of().parse(file);
    for (MethodModel method : model.methods()) {
      if (method.methodName().stringValue().startsWith("from")) {
        CodeAttribute code =
            method.findAttribute(java.lang.classfile.Attributes.code()).orElseThrow();
        assertThat(code.elementStream().anyMatch(LookupSwitchInstruction.class::isInstance))
            .as("%s.%s has %s", file.getFileName(), method.methodName(), Opcode.LOOKUPSWITCH)
            .isFalse();
      }
    }
  }
}
