package dev.svc0.runtime.syscall.decode;

import static dev.svc0.runtime.abi.MmapConstants.MAP_ANONYMOUS;
import static dev.svc0.runtime.abi.MmapConstants.MAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_PRIVATE;
import static dev.svc0.runtime.abi.MmapConstants.PROT_READ;
import static dev.svc0.runtime.abi.MmapConstants.PROT_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.MemoryManager;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointersTest {
  private final FrameAllocator frames = new FrameAllocator(16);
  private final MemoryManager memory = new MemoryManager(frames, new MemoryAccount(16));
  private final Pointers pointers = new Pointers(new Bytes(memory), 8);
  private final long at =
      memory.mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, null, 0);

  @AfterEach
  void release() {
    memory.release();
    frames.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0x0, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]",
    "0x2a00, [{WIFEXITED(s) && WEXITSTATUS(s) == 42}]",
    "0x9, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}]",
    "0x8b, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}]",
    "0x137f, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}]",
    "0xffff, [{WIFCONTINUED(s)}]"
  })
  void waitStatusInTheTermsOfItsMacros(String status, String text) {
    memory.writeInt(at, Integer.decode(status));
    assertThat(pointers.waitStatus(at)).isEqualTo(text);
  }

  @Test
  void signalSetsNameTheirMembersOrWhatTheyLack() {
    memory.writeLong(at, 0);
    assertThat(pointers.signals(at)).isEqualTo("[]");
    memory.writeLong(at, 1L << 1 | 1L << 16);
    assertThat(pointers.signals(at)).isEqualTo("[INT CHLD]");
    memory.writeLong(at, ~(1L << 8 | 1L << 18));
    assertThat(pointers.signals(at)).isEqualTo("~[KILL STOP]");
    assertThat(pointers.signals(at + 4092)).isNull();
  }

  @Test
  void stringsEndAtANullPointerAndAreBounded() {
    memory.writeBytes(at + 512, "short\0much too long\0".getBytes(StandardCharsets.ISO_8859_1));
    memory.writeLong(at, at + 512);
    memory.writeLong(at + 8, at + 518);
    memory.writeLong(at + 16, 1);
    memory.writeLong(at + 24, 0);
    assertThat(pointers.strings(at)).isEqualTo("[\"short\", \"much too\"..., 0x1]");
    for (int i = 0; i < 20; i++) {
      memory.writeLong(at + i * 8L, at + 512);
    }
    assertThat(pointers.strings(at)).endsWith("\"short\", ...]");
    assertThat(pointers.strings(at + 4096)).isNull();
  }

  @Test
  void numbersOfAPipe() {
    memory.writeInt(at, 3);
    memory.writeInt(at + 4, -1);
    assertThat(pointers.bytes(at, 8, 4)).isEqualTo("[3, -1]");
    assertThat(pointers.bytes(at, 8, 8)).isEqualTo("[-4294967293]");
    assertThat(pointers.bytes(at, 6, 4)).isEqualTo("\"\\3\\0\\0\\0\\377\\377\"");
  }

  @Test
  void whatEndsAtTheEndOfUserSpaceIsReadToThere() {
    long top = MemoryManager.TASK_SIZE - 4096;
    assertThat(
            memory.mmap(
                top,
                4096,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                null,
                0))
        .isEqualTo(top);
    memory.writeBytes(top + 4090, "/tmp".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(new Bytes(memory).string(top + 4090, 4096)).isEqualTo("\"/tmp\"");
    assertThat(new Bytes(memory).upTo(top + 4090, 100)).hasSize(6);
  }
}
