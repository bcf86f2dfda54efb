package dev.svc0.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the launcher has the JVM watch once, so that it keeps the classes of usual work loaded and
 * linked in its cache: a program run, an image made and used, a help text.
 */
final class WarmUp {
  private WarmUp() {}

  /** Does it with a program; the exit status. */
  static int run(String program) throws IOException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    Path folder = Files.createTempDirectory("svc0-warm-up");
    Path image = folder.resolve("disk.img");
    String name = image.toString();
    try {
      int status = Svc0.run("image", "create", name, "--size", "4M");
      status |= Svc0.run("image", "put", name, program, "/");
      status |= Svc0.run("image", "ls", name);
      status |= Svc0.run("--help");
      status |= Svc0.run("table");
      MachineOptions options = new MachineOptions();
      options.images.add(name);
      status |= RunCommand.run(options, List.of(program));
      return status;
    } finally {
      System.setOut(out);
      Files.deleteIfExists(image);
      Files.delete(folder);
    }
  }
}
