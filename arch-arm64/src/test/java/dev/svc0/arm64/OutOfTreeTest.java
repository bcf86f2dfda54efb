package dev.svc0.arm64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.runtime.syscall.SyscallCollisionException;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallJar;
import dev.svc0.runtime.syscall.render.TableFormat;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projects that are not ours, with svc0 on their class path as jars or folders. */
class OutOfTreeTest {
  private static final String HELLO =
      """
      package user;

      import dev.svc0.annotation.Fd;
      import dev.svc0.annotation.SyscallDefine;
      import dev.svc0.runtime.task.Task;

      public final class HelloCalls {
        @SyscallDefine(nr = 1300, name = "user_hello")
        public static long hello(Task task, @Fd int fd, long more) {
          return fd + more;
        }
      }
      """;

  private static final String TABLE =
      """
      package user;

      @dev.svc0.annotation.SyscallTable(
          abi = "arm64",
          extending = dev.svc0.arm64.Arm64Table.class)
      public final class UserTable {}
      """;

  @TempDir private Path folder;
  private UserProject project;

  @BeforeEach
  void open() {
    project = new UserProject(folder);
  }

  private static SyscallDispatch load(Path compiled, String table) throws Exception {
    URLClassLoader loader =
        new URLClassLoader(
            new URL[] {compiled.toUri().toURL()}, OutOfTreeTest.class.getClassLoader());
    return (SyscallDispatch)
        Class.forName(table + "Dispatch", true, loader).getDeclaredConstructor().newInstance();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTableExtendsOursWithCallsOfItsOwnAndOfLibraries(boolean asJar) throws Exception {
    UserProject.Result library = project.compile("library", List.of(), HELLO);
    assertThat(library.errors()).isEmpty();
    Path onClassPath = asJar ? project.jar(library) : library.classes();
    String own =
        HELLO
            .replace("HelloCalls", "MoreCalls")
            .replace("1300", "1301")
            .replace("user_hello", "user_more")
            .replace("fd + more", "fd - more");
    UserProject.Result user = project.compile("user", List.of(onClassPath), own, TABLE);
    assertThat(user.errors()).isEmpty();

    Path all = project.merge(library, user);
    SyscallDispatch table = load(all, "user.UserTable");
    long junk = 0x7fff_0000_0000_0000L;
    assertThat(table.dispatch(TestTasks.bare(), 1300, junk | 40, 2, 0, 0, 0, 0)).isEqualTo(42);
    assertThat(table.dispatch(TestTasks.bare(), 1301, junk | 40, 2, 0, 0, 0, 0)).isEqualTo(38);
    // Whatever svc0 itself handles is in the user's table as well.
    for (SyscallInfo ours : new Arm64TableDispatch().all()) {
      assertThat(table.info(ours.nr())).isEqualTo(ours);
    }
    String header = Files.readString(user.classes().resolve("META-INF/svc0/arm64/svc0-unistd.h"));
    assertThat(header)
        .contains("/* long user_hello(int fd, long more) */\n#ifndef __NR_user_hello\n")
        .contains("#define __NR_user_hello 1300\n", "#define __NR_user_more 1301\n");
    assertThat(TableFormat.HEADER.render(table)).isEqualTo(header);
  }

  @Test
  void aNumberThatALibraryHasTakenIsACompileErrorOnTheHandler() throws IOException {
    UserProject.Result library = project.compile("library", List.of(), HELLO);
    String own = HELLO.replace("HelloCalls", "Other").replace("user_hello", "user_other");
    UserProject.Result user = project.compile("user", List.of(project.jar(library)), own, TABLE);
    assertThat(user.errors())
        .singleElement()
        .asString()
        .startsWith("Other.java:9: [syscall-duplicate-number] 1300")
        .contains("user.HelloCalls.hello", "user.Other.hello");
  }

  @Test
  void twoLibrariesThatCollideAreACompileErrorOnTheTable() throws IOException {
    UserProject.Result one = project.compile("one", List.of(), HELLO);
    UserProject.Result two =
        project.compile("two", List.of(), HELLO.replace("package user", "package other"));
    UserProject.Result user =
        project.compile("user", List.of(one.classes(), project.jar(two)), TABLE);
    assertThat(user.errors())
        .singleElement()
        .asString()
        .startsWith("UserTable.java:6: [syscall-duplicate-number] 1300")
        .contains("user.HelloCalls.hello", "other.HelloCalls.hello");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void handlersJoinARunningTableWithoutARebuild(boolean asJar) throws Exception {
    UserProject.Result library = project.compile("library", List.of(), HELLO);
    Path added = asJar ? project.jar(library) : library.classes();
    Arm64TableDispatch table = new Arm64TableDispatch();
    table.extend(SyscallJar.load(added));
    assertThat(table.dispatch(TestTasks.bare(), 1300, 40, 2, 0, 0, 0, 0)).isEqualTo(42);
    assertThat(table.info(1300)).isNotNull().returns("user.HelloCalls.hello", SyscallInfo::handler);
    assertThat(TableFormat.HEADER.render(table)).contains("#define __NR_user_hello 1300\n");
    X8664TableDispatch x86 = new X8664TableDispatch();
    x86.extend(SyscallJar.load(added));
    assertThat(x86.dispatch(TestTasks.bare(), 1300, 40, 2, 0, 0, 0, 0)).isEqualTo(42);

    assertThatThrownBy(() -> table.extend(SyscallJar.load(added)))
        .isInstanceOf(SyscallCollisionException.class)
        .hasMessage(
            "user.HelloCalls.hello: number 1300 is \"user_hello\", handled by user.HelloCalls.hello");
  }

  @Test
  void aJarWithoutHandlersSaysWhatItLacks() throws IOException {
    UserProject.Result nothing = project.compile("nothing", List.of(), "package user; class A {}");
    Path jar = project.jar(nothing);
    assertThatThrownBy(() -> SyscallJar.load(jar))
        .isInstanceOf(IOException.class)
        .hasMessage(
            jar + " holds no system calls: compile it with svc0-processor as annotation processor");
  }

  @Test
  void whatIsNoJarIsSaidToBeNone() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "not a jar");
    assertThatThrownBy(() -> SyscallJar.load(text))
        .isInstanceOf(IOException.class)
        .hasMessage(text + " is neither a jar nor a folder of classes");
    Path missing = folder.resolve("missing.jar");
    assertThatThrownBy(() -> SyscallJar.load(missing))
        .isInstanceOf(IOException.class)
        .hasMessage("there is no file " + missing);
  }
}
