package dev.svc0.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.processor.model.KernelCall;
import dev.svc0.processor.model.KernelTable;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest table there can be: every call of the kernel and every number of our own handled. */
class EveryCallHandledTest {
  private static final int HUGE_METHOD_LIMIT = 8_000;

  @TempDir private Path folder;

  @Test
  void methodsStayBelowTheLimitOfTheJvm() throws IOException {
    StringBuilder source = new StringBuilder("package full;\n");
    source.append("import dev.svc0.annotation.*;\nimport dev.svc0.runtime.task.Task;\n");
    source.append("public final class Everything {\n");
    for (KernelCall call : KernelTable.arm64().calls()) {
      List<String> parameters = new ArrayList<>();
      call.arguments()
          .forEach(argument ->
              parameters.add(argument.kind().bits() == 64 ? "@CString long " : "@Mode int "));
      method(source, call.nr(), call.name(), parameters);
    }
    for (int nr = SyscallDefine.FIRST_OWN; nr <= SyscallDefine.LAST_OWN; nr++) {
      method(source, nr, "own" + nr, List.of("int ", "int ", "int ", "int ", "int ", "int "));
    }
    source.append("}\n");
    Path everything = folder.resolve("Everything.java");
    Path table = folder.resolve("FullTable.java");
    Files.writeString(everything, source.toString());
    Files.writeString(
        table,
        "package full;\n@dev.svc0.annotation.SyscallTable(abi = \"arm64\")\nclass FullTable {}\n");

    Compilation compilation = TestSources.compile(List.of(everything, table));

    assertThat(compilation.errors()).isEmpty();
    int methods = 0;
    for (JavaFileObject file : compilation.generatedFiles()) {
      if (file.getKind() == Kind.CLASS && file.getName().contains("FullTable")) {
        byte[] bytes = file.openInputStream().readAllBytes();
        for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
          int length = method.findAttribute(Attributes.code()).orElseThrow().codeLength();
          assertThat(length).as(method.methodName().stringValue()).isLessThan(HUGE_METHOD_LIMIT);
          methods++;
        }
      }
    }
    assertThat(methods).isGreaterThan(20);
  }

  private static void method(
      StringBuilder source, int nr, String name, List<String> parameterTypes) {
    source.append("@SyscallDefine(nr = ").append(nr).append(", name = \"").append(name);
    source.append("\", errors = {\"EFAULT\", \"EINVAL\", \"ENOMEM\", \"EPERM\", \"EBADF\"})\n");
    source.append("public static long call").append(nr).append("(Task task");
    for (int i = 0; i < parameterTypes.size(); i++) {
      source.append(", ").append(parameterTypes.get(i)).append("a").append(i);
    }
    source.append(") { return 0; }\n");
  }
}
