package dev.svc0.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.toys.ToyWrite;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import net.bytebuddy.build.Plugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes woven when they are built record as those woven while they run. */
class TracePluginTest {
  private static final String NAME = ToyWrite.class.getName();

  @TempDir Path folder;

  @BeforeAll
  static void enable() {
    Traces.enable();
  }

  @BeforeEach
  void beTask() {
    ThreadState state = ThreadState.current();
    state.pid = 40;
    state.tid = 41;
    state.comm = "toy";
  }

  @AfterEach
  void beNobody() {
    ThreadState state = ThreadState.current();
    state.pid = 0;
    state.tid = 0;
    state.comm = "";
  }

  /** Sees the woven class instead of the one of the tests. */
  private static final class Woven extends URLClassLoader {
    Woven(Path folder) throws Exception {
      super(new URL[] {folder.toUri().toURL()}, TracePluginTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(NAME)) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known == null ? findClass(name) : known;
    }
  }

  private Class<?> weave() throws Exception {
    String file = NAME.replace('.', '/') + ".class";
    Path source = folder.resolve("source");
    Files.createDirectories(source.resolve(file).getParent());
    try (InputStream in = ToyWrite.class.getResourceAsStream("ToyWrite.class")) {
      Files.write(source.resolve(file), in.readAllBytes());
    }
    Path target = folder.resolve("target");
    Files.createDirectories(target.resolve(file).getParent());
    Plugin.Engine.Summary summary =
        new Plugin.Engine.Default()
            .with(
                net.bytebuddy.dynamic.ClassFileLocator.ForClassLoader.of(
                    ToyWrite.class.getClassLoader()))
            .apply(
                new Plugin.Engine.Source.ForFolder(source.toFile()),
                new Plugin.Engine.Target.ForFolder(target.toFile()),
                new Plugin.Factory.Simple(new TracePlugin()));
    assertThat(summary.getTransformed()).hasSize(1);
    return new Woven(target).loadClass(NAME);
  }

  @Test
  void recordsInSessionsThatSelectThem() throws Exception {
    Class<?> woven = weave();
    assertThat(woven).isNotSameAs(ToyWrite.class);
    Runnable write =
        () -> {
          try {
            woven.getMethod("ksysWrite", int.class, long.class, long.class).invoke(null, 3, 0L, 1L);
          } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
          }
        };
    write.run(); // nothing records
    TraceSession session = TraceSession.start(Traces.toys());
    write.run();
    assertThat(Traces.text(session.stop(), 0))
        .containsExactly(
            "task toy 40/41",
            "0 > ksys_toy_write",
            "1 > toy_good",
            "1 < toy_good = 1",
            "1 > toy_page",
            "1 < toy_page = 1",
            "1 > toy_finish",
            "1 < toy_finish = 0",
            "0 < ksys_toy_write = 1");
    session = TraceSession.start(Traces.toys().named("toy_page").withArguments());
    write.run();
    TraceReader reader = session.stop().read(0);
    reader.next();
    TraceRecord.Enter page = (TraceRecord.Enter) reader.next();
    assertThat(page.method().arguments()).containsExactly("bytes");
    assertThat(page.arguments().getFirst()).isEqualTo(1);
    session = TraceSession.start(TraceSession.Options.defaults());
    write.run();
    assertThat(session.stop().records()).as("tracepoints only").isZero();
  }
}
