package dev.svc0.samples.powercut;

import static dev.svc0.arm64.Arm64TableNumbers.*;
import static dev.svc0.runtime.abi.Fcntl.*;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.fs.logwrites.CrashState;
import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.PowerCut;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Appends lines to a file on a disk image, each followed by fsync, cuts the power at every flush
 * and in between, and looks after each cut whether every line that fsync had promised is there.
 */
public final class PowerCutLogger {
  private static final int LINES = 40;
  private static final int BUFFER = 1 << 16;

  private final WriteLog.InMemory log = new WriteLog.InMemory();

  /** Where in the log of writes each line was promised: a mark with the count of lines. */
  private void write(Path image) throws Exception {
    LogWrites[] layer = new LogWrites[1];
    try (Arm64Machine machine =
            boot(vfs -> {
              BlockDevice disk = LogWrites.over(vfs.devices(), loop(vfs, image), log);
              layer[0] = (LogWrites) disk.queue().driver();
              return disk;
            });
        JavaProgram program = new JavaProgram(machine)) {
      long fd =
          program.svc(
              __NR_openat,
              AT_FDCWD,
              program.string("/events.log"),
              O_WRONLY | O_CREAT | O_APPEND,
              0644);
      for (int i = 1; i <= LINES; i++) {
        String line = line(i);
        check(program.svc(__NR_write, fd, program.string(line), line.length()));
        check(program.svc(__NR_fsync, fd));
        layer[0].mark(Integer.toString(i));
      }
      check(program.svc(__NR_close, fd));
    }
  }

  private static String line(int number) {
    return "event %04d %s%n".formatted(number, "x".repeat(number % 7 * 100));
  }

  private static void check(long result) throws IOException {
    if (result < 0) {
      throw new IOException("a system call failed: errno " + -result);
    }
  }

  /** What becomes the root of a machine. */
  private interface Root {
    BlockDevice disk(Vfs vfs) throws IOException;
  }

  private static Arm64Machine boot(Root root) throws MountException {
    return new Arm64Machine(
        KernelOptions.defaults(),
        vfs -> {
          try {
            BlockDevice disk = root.disk(vfs);
            return vfs.mountRoot("ext4", "/dev/" + disk.name(), disk, 0, "");
          } catch (IOException e) {
            throw new MountException(5, String.valueOf(e.getMessage()));
          }
        });
  }

  private static BlockDevice loop(Vfs vfs, Path image) throws IOException {
    for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
      if (type.name().equals("loop")) {
        return type.create(vfs.devices(), image.toString());
      }
    }
    throw new IOException("there is no loop driver on the class path");
  }

  /** Starts a machine from what a cut left and counts the whole lines in the file. */
  private static int linesAfter(CrashState state) throws Exception {
    try (Arm64Machine machine = boot(vfs -> state.attach(vfs.devices()));
        JavaProgram program = new JavaProgram(machine)) {
      long fd = program.svc(__NR_openat, AT_FDCWD, program.string("/events.log"), O_RDONLY);
      if (fd < 0) {
        return 0;
      }
      long buffer = program.allocate(BUFFER);
      long got = program.svc(__NR_read, fd, buffer, BUFFER);
      check(got);
      String text =
          new String(
              program.memory().readBytes(buffer, (int) got),
              java.nio.charset.StandardCharsets.ISO_8859_1);
      int lines = 0;
      int at = 0;
      while (text.startsWith(line(lines + 1), at)) {
        at += line(++lines).length();
      }
      return lines;
    }
  }

  /** How the states with one kind of choice came out. */
  private static final class Verdict {
    int states;
    int recovered;
    int more;
  }

  /** Cuts everywhere; the table, by kind of cut. Every state must hold what was promised. */
  private Map<String, Verdict> cut(Path start, long seed, int between) throws Exception {
    Map<String, Verdict> table = new TreeMap<>();
    try (PowerCut power = new PowerCut(start, log.entries())) {
      power.visit(
          power.cuts(seed, 1, between),
          state -> {
            List<String> marks = state.marks();
            int promised = marks.isEmpty() ? 0 : Integer.parseInt(marks.getLast());
            int found = linesAfter(state);
            Verdict verdict =
                table.computeIfAbsent(state.cut().choice().toString(), name -> new Verdict());
            verdict.states++;
            verdict.recovered += found >= promised ? 1 : 0;
            verdict.more += found > promised ? 1 : 0;
            if (found < promised) {
              System.err.println("LOST: " + promised + " promised, " + found + " found: " + state);
            }
          });
    }
    return table;
  }

  /**
   * Runs it.
   *
   * @param arguments an image with an ext4 file system; a seed; cuts at random moments
   */
  public static void main(String... arguments) throws Exception {
    Path image = Path.of(arguments.length > 0 ? arguments[0] : "disk.img");
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    int between = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 40;
    Path work = java.nio.file.Files.createTempFile("svc0-power-cut", ".img");
    try {
      java.nio.file.Files.copy(image, work, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      PowerCutLogger logger = new PowerCutLogger();
      logger.write(work);
      Map<String, Verdict> table = logger.cut(image, seed, between);
      System.out.printf("%d lines written, each with fsync; seed %d%n%n", LINES, seed);
      System.out.println("unflushed writes   states  all promised there  more than promised");
      boolean good = true;
      for (Map.Entry<String, Verdict> row : table.entrySet()) {
        Verdict verdict = row.getValue();
        good &= verdict.recovered == verdict.states;
        System.out.printf(
            "%-18s %6d  %18d  %18d%n",
            row.getKey(), verdict.states, verdict.recovered, verdict.more);
      }
      System.out.println(
          good ? "\nnothing that fsync promised was lost" : "\nPROMISES WERE BROKEN");
      System.out.flush();
      if (!good) {
        System.exit(1);
      }
    } finally {
      java.nio.file.Files.delete(work);
    }
  }

  private PowerCutLogger() {}
}
