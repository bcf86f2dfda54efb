package dev.svc0.cli;

import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.Program;
import dev.svc0.arm64.machine.ProgramException;
import dev.svc0.fs.devfs.HostInput;
import dev.svc0.fs.devfs.StreamConsole;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.sched.InstructionTime;
import dev.svc0.runtime.syscall.SyscallCollisionException;
import dev.svc0.runtime.syscall.SyscallHooks;
import dev.svc0.runtime.syscall.SyscallJar;
import dev.svc0.runtime.syscall.decode.Strace;
import dev.svc0.runtime.syscall.render.CallStatistics;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.tty.HostTerminal;
import dev.svc0.runtime.tty.TtyConsole;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Vfs;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A machine as the command line describes it, from boot to the last sync. */
final class Session implements AutoCloseable {
  private static final String SEARCH_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int TIMED_OUT = 124;

  private final MachineOptions options;
  private final Engine engine;
  private final @Nullable KeptCode kept;
  private final Arm64Machine machine;
  private final List<String> command;
  private final @Nullable GuestProgram program;
  private final Thread emergency = new Thread(this::closeMachine, "svc0-shutdown");
  private SyscallHooks.@Nullable Registration strace;
  private @Nullable PrintWriter straceFile;
  private @Nullable HostTerminal terminal;
  private @Nullable GuestProfile profile;

  /** Boots the machine without a program: for work on its files. */
  Session(MachineOptions options) {
    this(options, List.of(), null);
  }

  /** Boots the machine for a program and its arguments. */
  Session(MachineOptions options, List<String> command) {
    this(options, command, new GuestProgram(options, command));
  }

  private Session(MachineOptions options, List<String> command, @Nullable GuestProgram program) {
    this.options = options;
    this.command = command;
    this.program = program;
    usePlugins();
    this.engine = options.newEngine();
    this.kept =
        program != null && options.isEngineUsual() && engine instanceof TieredEngine tiered
            ? KeptCode.use(tiered, options.codeCache, options.root, command.getFirst())
            : null;
    this.machine = boot();
    Runtime.getRuntime().addShutdownHook(emergency);
    try {
      prepare();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Lets the jars of --plugin be found where file systems and drivers are looked for. */
  private void usePlugins() {
    if (options.plugins.isEmpty()) {
      return;
    }
    URL[] jars = new URL[options.plugins.size()];
    for (int i = 0; i < jars.length; i++) {
      Path jar = options.plugins.get(i);
      if (!Files.isRegularFile(jar)) {
        throw new CommandException(CommandException.FAILED, "--plugin: there is no file " + jar);
      }
      try {
        jars[i] = jar.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new CommandException(CommandException.FAILED, "--plugin " + jar + ": " + e);
      }
    }
    // Lives as long as the machine, that is, as long as the command.
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(jars, Session.class.getClassLoader()));
  }

  private Arm64Machine boot() {
    KernelTuning tuning = new KernelTuning(options.kernelOptions);
    KernelOptions kernel =
        tuning
            .apply(KernelOptions.defaults())
            .withCpus(options.cpus)
            .withHostname(GuestTree.bytesOf(options.hostname))
            .withMemoryBytes(options.memory.bytes())
            .withPageCacheBytes(options.pageCache.bytes());
    if (options.instructionTime) {
      kernel = kernel.withFileClock(new InstructionTime());
    }
    return boot(tuning, kernel);
  }

  private Arm64Machine boot(KernelTuning tuning, KernelOptions kernel) {
    try {
      Arm64Machine booted =
          new Arm64Machine(
              kernel,
              vfs -> {
                vfs.devices()
                    .setWork(
                        options.instructionTime
                            ? BlockDevices.Work.IN_TURN
                            : BlockDevices.Work.BESIDE);
                return new GuestTree(vfs).mountRoot(options.root);
              },
              engine);
      tuning.apply(booted.kernel().vfs().writeback(), options.pageCache.bytes());
      return booted;
    } catch (MountException e) {
      throw new CommandException(CommandException.FAILED, e.getMessage());
    }
  }

  private void prepare() {
    GuestTree tree = new GuestTree(machine.kernel().vfs());
    Task caller = machine.kernel().newProcess(Cred.ROOT, "svc0");
    caller.fs().umask = 0;
    machine.kernel().enter(caller);
    try {
      options.drives.forEach(tree::addDrive); // before /dev, which shows the disks there are
      tree.mountSystem(caller);
      options.mounts.forEach(mount -> tree.mountAny(caller, mount));
      options.images.forEach(image -> tree.mountImage(caller, image));
      options.binds.forEach(bind -> tree.bind(caller, bind));
      if (program != null) {
        program.place(tree, caller);
      }
    } finally {
      machine.kernel().leave(caller, 0);
    }
    addSyscalls();
    startStrace();
    machine.kernel().reportOutOfMemoryTo(Session::reportOutOfMemory);
    connect();
  }

  private static void reportOutOfMemory(Task task) {
    System.err.println(
        "svc0: out of memory: killed process "
            + task.pid()
            + " ("
            + task.comm()
            + "); --memory gives programs more");
  }

  /** Gives the program the terminal that svc0 runs in, or the standard streams. */
  private void connect() {
    terminal = program == null ? null : HostTerminal.take();
    Vfs vfs = machine.kernel().vfs();
    if (terminal == null) {
      machine.setConsole(
          new StreamConsole(
              vfs, System.in, () -> HostInput.isReadable(0), new HostOutput(1), new HostOutput(2)));
    } else {
      machine.setConsole(new TtyConsole(vfs, terminal.tty(), "/dev/" + HostTerminal.NAME));
    }
  }

  private void addSyscalls() {
    for (Path jar : options.syscallJars) {
      try {
        machine.dispatch().extend(SyscallJar.load(jar));
      } catch (IOException | SyscallCollisionException e) {
        throw new CommandException(CommandException.FAILED, "--syscalls " + e.getMessage());
      }
    }
  }

  private void startStrace() {
    String where = options.strace;
    if (where == null) {
      return;
    }
    PrintWriter out;
    try {
      out =
          where.equals("-")
              ? new PrintWriter(System.err, true)
              : new PrintWriter(
                  new BufferedWriter(
                      Files.newBufferedWriter(Path.of(where), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new CommandException(
          CommandException.FAILED, "--strace cannot write " + where + ": " + e.getMessage());
    }
    straceFile = out;
    strace =
        Strace.attach(machine.dispatch(), number -> true, 32, Strace.Format.TEXT, out::println);
  }

  /** As which machine it was booted. */
  MachineOptions options() {
    return options;
  }

  /** The program and its arguments as they were given; empty without one. */
  List<String> command() {
    return command;
  }

  /** The machine. */
  Arm64Machine machine() {
    return machine;
  }

  /** Runs the program to its end; its exit status as a shell shows it. */
  int run() {
    GuestProgram what = Objects.requireNonNull(program, "booted without a program");
    int[] ids = options.userAndGroup();
    Program running;
    try {
      running =
          machine.start(
              Cred.of(ids[0], ids[1]),
              GuestTree.bytesOf(options.workingDirectory),
              what.path(),
              what.arguments(),
              environment());
    } catch (ProgramException e) {
      throw what.explain(machine, e);
    }
    if (options.profile != null) {
      profile = new GuestProfile(machine.kernel(), what::contentOnHost);
    }
    int status = options.timeoutSeconds > 0 ? waitAtMost(running) : running.waitFor().shellCode();
    if (status == CommandException.NOT_FOUND && options.root != null) {
      String lacking = what.lackingLibraries(machine);
      if (lacking != null) {
        releaseTerminal();
        System.err.println("svc0: " + lacking);
      }
    }
    return status;
  }

  private int waitAtMost(Program running) {
    long millis = (long) Math.min(options.timeoutSeconds * 1000, Integer.MAX_VALUE);
    AtomicBoolean timedOut = new AtomicBoolean();
    Thread killer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Thread.sleep(millis);
                timedOut.set(true);
                machine.kernel().killAll();
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt(); // the program was faster
              }
            });
    int status = running.waitFor().shellCode();
    releaseTerminal();
    killer.interrupt();
    if (!timedOut.get()) {
      return status;
    }
    System.err.println("svc0: ended after " + options.timeoutSeconds + " s (--timeout)");
    return TIMED_OUT;
  }

  private List<String> environment() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PATH", SEARCH_PATH);
    all.put("HOME", options.userAndGroup()[0] == 0 ? "/root" : "/");
    all.put("TERM", System.getenv().getOrDefault("TERM", "dumb"));
    all.putAll(options.environment);
    List<String> result = new ArrayList<>();
    all.forEach((name, value) -> result.add(GuestTree.bytesOf(name + "=" + value)));
    return result;
  }

  /** The host's terminal is the host's again. */
  private void releaseTerminal() {
    if (terminal != null) {
      terminal.close();
    }
  }

  private synchronized void closeMachine() {
    machine.close();
  }

  private void writeEngineStatistics() {
    String where = options.engineStatistics;
    if (where == null || !(engine instanceof TieredEngine tiered)) {
      return;
    }
    String report = tiered.statistics().report();
    if (where.equals("-")) {
      System.err.print(report);
      return;
    }
    try {
      Files.writeString(Path.of(where), report);
    } catch (IOException e) {
      System.err.println("svc0: --engine-stats " + where + ": " + e.getMessage());
    }
  }

  private void writeProfile() {
    String where = options.profile;
    if (where == null || profile == null) {
      return;
    }
    profile.close();
    if (where.equals("-")) {
      System.err.print(profile.table());
      return;
    }
    try {
      Files.writeString(
          Path.of(where), where.endsWith(".folded") ? profile.folded() : profile.table());
    } catch (IOException e) {
      System.err.println("svc0: --profile " + where + ": " + e.getMessage());
    }
  }

  private void writeStatistics() {
    String where = options.statistics;
    if (where == null) {
      return;
    }
    CallStatistics statistics = new CallStatistics(machine.dispatch());
    if (where.equals("-")) {
      System.err.print(statistics.text());
      return;
    }
    try {
      Files.writeString(
          Path.of(where), where.endsWith(".json") ? statistics.json() : statistics.text());
    } catch (IOException e) {
      throw new CommandException(
          CommandException.FAILED, "--statistics cannot write " + where + ": " + e.getMessage());
    }
  }

  /** Ends what still runs, writes everything to the disks, unmounts. */
  @Override
  public void close() {
    releaseTerminal();
    closeMachine();
    if (kept != null) {
      kept.save();
    }
    writeProfile();
    writeEngineStatistics();
    if (strace != null) {
      strace.close();
    }
    if (straceFile != null) {
      straceFile.flush();
    }
    writeStatistics();
    try {
      Runtime.getRuntime().removeShutdownHook(emergency);
    } catch (IllegalStateException alreadyShuttingDown) {
      return; // the hook itself runs: it waits for this very close
    }
  }
}
