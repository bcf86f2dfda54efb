package dev.svc0.arm64.interp;

import dev.svc0.arm64.isa.InstructionTable;
import dev.svc0.arm64.isa.InstructionTable.Entry;
import dev.svc0.runtime.mm.FrameAllocator;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code qemu-aarch64} made of the cases of seed 1: for each instruction its name, how many of
 * its cases executed, and 16 bits of a checksum of each state after.
 */
final class Recording {
  static final long SEED = 1;
  static final int CASES = 256;
  private static final String RESOURCE = "instructions.rec";

  /** Checksums of one instruction's cases, and how many of them did not trap. */
  record Outcome(int executed, int[] digests) {}

  private Recording() {}

  static Map<String, Outcome> read() throws IOException {
    Map<String, Outcome> all = new LinkedHashMap<>();
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Recording.class.getResourceAsStream(RESOURCE)))) {
      while (true) {
        String name = in.readUTF();
        int executed = in.readUnsignedShort();
        int[] digests = new int[CASES];
        for (int i = 0; i < CASES; i++) {
          digests[i] = in.readUnsignedShort();
        }
        all.put(name, new Outcome(executed, digests));
      }
    } catch (EOFException end) {
      return all;
    }
  }

  /** Records anew. Argument: the folder of this package under src/test/resources. */
  public static void main(String[] args) throws IOException {
    InstructionTable table = InstructionTable.read();
    Machine machine = new Machine(new Interpreter(), new FrameAllocator(1 << 14));
    Path file = Path.of(args[0], RESOURCE);
    try (Comparison comparison = new Comparison(table, machine);
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (Entry entry : table.entries()) {
        List<State> results = comparison.theirs(entry, Comparison.cases(entry, SEED, CASES));
        long executed = results.stream().filter(s -> s.insn == Comparison.SIGTRAP).count();
        out.writeUTF(entry.name());
        out.writeShort((int) executed);
        for (State result : results) {
          out.writeShort(result.digest());
        }
      }
    }
  }
}
