package dev.svc0.runtime.task;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.File;
import java.nio.charset.StandardCharsets;

/** Scripts: {@code #!interpreter argument}. <i>Linux:</i> fs/binfmt_script.c. */
@AutoService(BinaryFormat.class)
public final class ScriptFormat implements BinaryFormat {
  @Override
  public String name() {
    return "script";
  }

  @Override
  public int order() {
    return 10;
  }

  @Override
  public long loadBinary(LinuxBinprm bprm) {
    byte[] start = bprm.start();
    if (start[0] != '#' || start[1] != '!') {
      return -Errno.ENOEXEC;
    }
    String text = new String(start, 2, start.length - 2, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    boolean cut = end < 0 && text.indexOf('\0') < 0;
    String line = stripBlanks(untilNul(end < 0 ? text : text.substring(0, end)));
    int nameEnd = firstBlank(line);
    if (line.isEmpty() || cut && nameEnd == line.length()) {
      return -Errno.ENOEXEC;
    }
    String interpreter = line.substring(0, nameEnd);
    String argument = stripBlanks(line.substring(nameEnd));
    return interpretBy(bprm, interpreter, argument);
  }

  private static long interpretBy(LinuxBinprm bprm, String interpreter, String argument) {
    bprm.arguments().set(0, bprm.interpreter());
    if (!argument.isEmpty()) {
      bprm.arguments().add(0, argument);
    }
    bprm.arguments().add(0, interpreter);
    long[] error = new long[1];
    File file = ExecFiles.openExec(bprm.task(), Fcntl.AT_FDCWD, interpreter, 0, error);
    if (file == null) {
      return error[0];
    }
    bprm.interpretBy(file, interpreter);
    return 0;
  }

  private static String untilNul(String text) {
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  private static int firstBlank(String line) {
    int at = 0;
    while (at < line.length() && !blank(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private static String stripBlanks(String line) {
    int from = 0;
    int to = line.length();
    while (from < to && blank(line.charAt(from))) {
      from++;
    }
    while (to > from && blank(line.charAt(to - 1))) {
      to--;
    }
    return line.substring(from, to);
  }
}
