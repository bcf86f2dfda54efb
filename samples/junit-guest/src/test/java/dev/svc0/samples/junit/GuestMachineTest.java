package dev.svc0.samples.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests of arm64 programs, as one would write them. */
class GuestMachineTest {
  private static final Path PROGRAMS = Path.of("../guests/bin");

  @RegisterExtension final GuestMachine machine = new GuestMachine();

  @Test
  void greets() throws Exception {
    GuestMachine.Result result = machine.run(PROGRAMS.resolve("hello"));
    assertEquals(0, result.exitCode());
    assertEquals("hello from arm64\n", result.out());
    assertEquals("write(1, \"hello from arm64\\n\", 17) = 17", result.calls().getFirst());
  }

  @Test
  void whatItWritesReachesTheDisk() throws Exception {
    GuestMachine.Result result = machine.run(PROGRAMS.resolve("write-paths"), "/disk");
    assertTrue(result.calls().stream().anyMatch(call -> call.startsWith("fdatasync(")));
    assertTrue(machine.disk().contains("b".repeat(2048) + "c"));
  }

  @Test
  void aFaultIsAnExitCode() throws Exception {
    assertEquals(128 + 11, machine.run(PROGRAMS.resolve("fault")).exitCode());
  }
}
