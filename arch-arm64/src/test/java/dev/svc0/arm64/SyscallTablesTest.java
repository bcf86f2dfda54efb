package dev.svc0.arm64;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.processor.model.CsvTable;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallInfo.Origin;
import dev.svc0.runtime.syscall.render.TableFormat;
import dev.svc0.runtime.task.Task;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both generated tables, row by row, against the pinned data they came from. */
class SyscallTablesTest {
  private static final long ENOSYS = 38;

  private static SyscallDispatch table(String abi) {
    return abi.equals("arm64") ? new Arm64TableDispatch() : new X8664TableDispatch();
  }

  private static Class<?> numbers(String abi) {
    return abi.equals("arm64") ? Arm64TableNumbers.class : X8664TableNumbers.class;
  }

  private static Map<Integer, String> pinned(String abi, String file) {
    CsvTable csv = CsvTable.read("syscalls-" + abi + file + ".csv");
    Map<Integer, String> rows = new TreeMap<>();
    for (int row = 0; row < csv.size(); row++) {
      if (abi.equals("arm64") || !csv.get(row, "abi").equals("x32")) {
        rows.put(Integer.parseInt(csv.get(row, "nr")), csv.get(row, "name"));
      }
    }
    return rows;
  }

  private static Map<Integer, String> generated(SyscallDispatch table, Origin origin) {
    return table.all().stream()
        .filter(call -> call.origin() == origin)
        .collect(
            Collectors.toMap(SyscallInfo::nr, SyscallInfo::name, (a, b) -> a + b, TreeMap::new));
  }

  /**
   * What about a hundred programs of Debian and a few others called, recorded from them: all of it
   * works here, wholly or as its note says, but for these.
   */
  @Test
  void whatRealProgramsCallIsThere() throws IOException {
    Set<String> refused = Set.of("ptrace");
    SyscallDispatch table = table("arm64");
    try (InputStream in = SyscallTablesTest.class.getResourceAsStream("programs-calls.txt")) {
      List<String> names =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
      assertThat(names).hasSizeGreaterThan(150);
      for (String name : names) {
        SyscallInfo call =
            table.all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
        boolean full = call.support() == Support.FULL;
        boolean partial = call.support() == Support.PARTIAL && !call.note().isEmpty();
        boolean none = call.support() == Support.NONE && !call.note().isEmpty();
        assertThat(refused.contains(name) ? none : full || partial).as(name).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"arm64", "x86_64"})
  void everyRowOfTheKernelIsThere(String abi) {
    SyscallDispatch table = table(abi);
    assertThat(table.abi()).isEqualTo(abi);
    assertThat(generated(table, Origin.KERNEL)).isEqualTo(pinned(abi, ""));
    assertThat(generated(table, Origin.LATER_KERNEL)).isEqualTo(pinned(abi, "-after-6.12"));
    assertThat(generated(table, Origin.KERNEL)).hasSize(abi.equals("arm64") ? 318 : 375);
  }

  @Test
  void argumentsOfArm64AreThoseOfTheKernel() {
    SyscallDispatch table = table("arm64");
    CsvTable csv = CsvTable.read("syscalls-arm64.csv");
    for (int row = 0; row < csv.size(); row++) {
      SyscallInfo call = table.info(Integer.parseInt(csv.get(row, "nr")));
      assertThat(call).isNotNull();
      assertThat(
              call.arguments().stream()
                  .map(argument -> argument.type() + " " + argument.name())
                  .collect(Collectors.joining("; ")))
          .as(call.name())
          .isEqualTo(csv.get(row, "args"));
      assertThat(
              call.arguments().stream()
                  .map(argument -> argument.kind().name().toLowerCase(java.util.Locale.ROOT))
                  .collect(Collectors.joining("; ")))
          .as(call.name())
          .isEqualTo(csv.get(row, "abi_args"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"arm64", "x86_64"})
  void constantsAndHeaderHaveTheSameNumbers(String abi) throws Exception {
    SyscallDispatch table = table(abi);
    Map<String, Integer> wanted = new TreeMap<>();
    table.all().forEach(call -> wanted.put("__NR_" + call.name(), call.nr()));
    Map<String, Integer> constants = new TreeMap<>();
    for (Field field : numbers(abi).getFields()) {
      constants.put(field.getName(), field.getInt(null));
    }
    assertThat(constants).isEqualTo(wanted);
    Map<String, Integer> defined = new TreeMap<>();
    for (String line : header(abi).split("\n")) {
      if (line.startsWith("#define __NR_")) {
        String[] words = line.split(" ");
        defined.put(words[1], Integer.valueOf(words[2]));
      }
    }
    assertThat(defined).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"arm64", "x86_64"})
  void theHeaderOfTheBuildIsTheHeaderOfTheRunningTable(String abi) throws IOException {
    assertThat(TableFormat.HEADER.render(table(abi))).isEqualTo(header(abi));
  }

  private static String header(String abi) throws IOException {
    String path = "/META-INF/svc0/" + abi + "/svc0-unistd.h";
    try (InputStream in = SyscallTablesTest.class.getResourceAsStream(path)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"arm64", "x86_64"})
  void everyNumberWithoutHandlerAnswersEnosys(String abi) {
    SyscallDispatch table = table(abi);
    List<Integer> numbers = new ArrayList<>(List.of(-1, Integer.MIN_VALUE, Integer.MAX_VALUE));
    for (int nr = 0; nr <= SyscallDefine.LAST_OWN + 1000; nr++) {
      SyscallInfo call = table.info(nr);
      if (call == null || !call.implemented()) {
        numbers.add(nr);
      }
    }
    Task task = TestTasks.bare(); // nothing looks at it: no handler is reached
    for (int nr : numbers) {
      assertThat(table.dispatch(task, nr, 0, 0, 0, 0, 0, 0)).as("number %d", nr).isEqualTo(-ENOSYS);
    }
  }

  @Test
  void x8664NumbersAreItsOwn() {
    Map<Integer, String> rows = generated(table("x86_64"), Origin.KERNEL);
    assertThat(rows)
        .containsEntry(1, "write")
        .containsEntry(18, "pwrite64")
        .containsEntry(20, "writev")
        .containsEntry(296, "pwritev")
        .containsEntry(311, "process_vm_writev");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "markdown", "html", "java"})
  void everyFormatShowsEveryCall(String format) {
    SyscallDispatch table = table("arm64");
    String text = TableFormat.of(format).orElseThrow().render(table);
    for (SyscallInfo call : table.all()) {
      assertThat(text).contains(call.name());
    }
  }
}
