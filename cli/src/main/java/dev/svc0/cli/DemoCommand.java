package dev.svc0.cli;

import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job, on what is in the repository. */
@Command(
    name = "demo",
    description = {
      "Run an arm64 program that writes to a disk image in every usual way and calls a system call of"
          + " our own; show the way of a write from the program's svc to the block driver.",
    })
final class DemoCommand implements Callable<Integer> {
  private static final long IMAGE_BYTES = 16L << 20;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      defaultValue = "svc0-demo",
      description = "Where image, graph and report are left (default: ${DEFAULT-VALUE}).")
  Path folder = Path.of("svc0-demo");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path program = part("samples/guests/bin/write-paths");
    Path ownCall = part("samples/custom-syscall/target/svc0-sample-custom-syscall.jar");
    Files.createDirectories(folder);
    Path image = folder.resolve("disk.img");
    say("an ext4 file system of 16 MiB in " + image);
    Mke2fs.format(
        image, IMAGE_BYTES, new Mke2fsOptions().ext4().blockSize(4096).label("svc0-demo"));
    say("samples/guests/bin/write-paths, an arm64 program, writes to it:");
    MachineOptions machine = new MachineOptions();
    machine.images = List.of(image + ":/mnt");
    machine.syscallJars = List.of(ownCall);
    int status = trace(machine, program);
    check(image);
    say(
        status == 0
            ? "done; everything was as Linux has it"
            : "the program found something that is not as Linux has it: exit status " + status);
    return status;
  }

  private int trace(MachineOptions machine, Path program) throws IOException {
    TraceCapture capture;
    int status;
    try (Session session = new Session(machine, List.of(program.toString(), "/mnt"));
        TraceRun trace =
            TraceRun.of(session).start(TraceCommand.withoutEntry(TraceSelection.everything()))) {
      status = session.run();
      session.close();
      capture = trace.stop();
    }
    Path graph = folder.resolve("graph.txt");
    Path report = folder.resolve("report.html");
    TraceOutputs outputs =
        new TraceOutputs(capture, List.of(), TraceRun.locations(machine, program), Console.own());
    outputs.graph(graph, true);
    outputs.html(report, "svc0 demo");
    say("the way of one write, from the program's svc to the block driver:");
    outputs.graphOfOne("pwrite64");
    say("all of them: " + graph + "; as a picture, to open in a browser: " + report);
    return status;
  }

  /** What e2fsprogs, which knows nothing of svc0, says of the image. */
  private static void check(Path image) throws IOException, InterruptedException {
    for (Path folder : List.of(Path.of("/usr/sbin"), Path.of("/sbin"))) {
      Path checker = folder.resolve("e2fsck");
      if (Files.isExecutable(checker)) {
        Process process =
            new ProcessBuilder(checker.toString(), "-fn", image.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new CommandException(CommandException.FAILED, "e2fsck complains:\n" + output);
        }
        say("e2fsck -fn finds the image clean: " + output.lines().reduce((a, b) -> b).orElse(""));
        return;
      }
    }
    say("e2fsck is not installed here, so nobody else has checked the image");
  }

  private static Path part(String name) {
    String home = System.getProperty("svc0.home", ".");
    Path path = Path.of(home, name);
    if (!Files.exists(path)) {
      throw new CommandException(
          CommandException.FAILED,
          "the demo needs "
              + path
              + ", which is not there; start it with the launcher, ./svc0 demo");
    }
    return path;
  }

  private static void say(String sentence) {
    System.out.println("svc0: " + sentence);
    System.out.flush();
  }
}
