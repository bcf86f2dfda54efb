package dev.svc0.arm64.interp;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The runner program under {@code qemu-aarch64}: tells what an independent implementation does. */
final class Qemu implements AutoCloseable {
  private final Path program;
  private final Process process;

  /**
   * A core without half-precision arithmetic, as this one is, or one that has the newer features.
   */
  static String coreFor(String feature) {
    return switch (feature) {
      case "LSE", "LRCPC", "RDM" -> "neoverse-n1";
      default -> "cortex-a72";
    };
  }

  Qemu(String core) throws IOException {
    program = Files.createTempFile("insn-runner", "");
    try (InputStream in = Qemu.class.getResourceAsStream("insn-runner")) {
      Files.write(program, in.readAllBytes());
    }
    program.toFile().setExecutable(true);
    process =
        new ProcessBuilder("qemu-aarch64", "-cpu", core, program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  static boolean present() {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, "qemu-aarch64"))) {
        return true;
      }
    }
    return false;
  }

  /** Runs up to one batch of cases. */
  List<State> run(List<State> cases) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(4 + cases.size() * State.BYTES);
    buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(cases.size());
    for (State one : cases) {
      one.write(buffer);
    }
    OutputStream to = process.getOutputStream();
    to.write(buffer.array());
    to.flush();
    byte[] answer = new byte[cases.size() * State.BYTES];
    new DataInputStream(process.getInputStream()).readFully(answer);
    ByteBuffer from = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    List<State> results = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      results.add(State.read(from));
    }
    return results;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.deleteIfExists(program);
  }
}
