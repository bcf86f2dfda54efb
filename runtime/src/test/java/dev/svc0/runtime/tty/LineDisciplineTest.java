package dev.svc0.runtime.tty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Termios;
import dev.svc0.runtime.vfs.Cred;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a terminal does with typed bytes, compared with what the terminals of a real Linux did:
 * {@code record.py} made {@code line-discipline.tsv} there.
 */
class LineDisciplineTest {
  private static final int READ_BYTES = 20;
  private static final int MOST_READS = 50;

  /** A line of the recording. */
  record Case(
      int input,
      int output,
      int local,
      int minimum,
      int eol,
      String typed,
      String echo,
      String got) {
    @Override
    public String toString() {
      return String.format("%#x %#x %#x %d %s", input, output, local, minimum, typed);
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream in = LineDisciplineTest.class.getResourceAsStream("line-discipline.tsv")) {
      assertThat(in).isNotNull();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] part = line.split("\t", -1);
          cases.add(
              new Case(
                  Integer.decode(part[0]),
                  Integer.decode(part[1]),
                  Integer.decode(part[2]),
                  Integer.parseInt(part[3]),
                  Integer.parseInt(part[4]),
                  part[5],
                  part[6],
                  part[7]));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void doesWhatLinuxDid(Case one) {
    PtyPair pair = new PtyPair(0, Cred.ROOT);
    Tty slave = pair.slave();
    KTermios termios = slave.termios();
    termios.iflag = one.input;
    termios.oflag = one.output;
    termios.lflag = one.local;
    termios.characters[Termios.VMIN] = (byte) one.minimum;
    termios.characters[Termios.VEOL] = (byte) one.eol;
    slave.setTermios(termios);
    byte[] typed = bytes(one.typed);
    assertThat(slave.receive(typed, 0, typed.length)).isEqualTo(typed.length);
    byte[] echo = new byte[4096];
    int echoed = pair.master().read(echo, echo.length);
    assertThat(text(echo, echoed)).isEqualTo(text(bytes(one.echo), bytes(one.echo).length));
    assertThat(reads(slave, (one.local & Termios.ICANON) != 0)).isEqualTo(expected(one));
  }

  private static List<String> expected(Case one) {
    List<String> result = new ArrayList<>();
    for (String read : one.got.isEmpty() ? new String[0] : one.got.split(" \\| ", -1)) {
      result.add(read.equals("eof") ? read : text(bytes(read), bytes(read).length));
    }
    return result;
  }

  /** Reads as the recording program did: until there is nothing to read. */
  private static List<String> reads(Tty slave, boolean lines) {
    List<String> result = new ArrayList<>();
    byte[] chunk = new byte[READ_BYTES];
    while (slave.hasInput(1) && result.size() < MOST_READS) {
      int got = slave.read(chunk, 0, chunk.length);
      result.add(got == 0 && lines ? "eof" : text(chunk, got));
    }
    return result;
  }

  private static String text(byte[] bytes, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int c = bytes[i] & 0xff;
      text.append(c < ' ' || c > '~' ? String.format("<%02x>", c) : String.valueOf((char) c));
    }
    return text.toString();
  }

  /** A Python literal of bytes. */
  private static byte[] bytes(String literal) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c != '\\') {
        out.write(c);
        continue;
      }
      char kind = literal.charAt(++i);
      switch (kind) {
        case 'n' -> out.write('\n');
        case 'r' -> out.write('\r');
        case 't' -> out.write('\t');
        case 'x' -> {
          out.write(Integer.parseInt(literal.substring(i + 1, i + 3), 16));
          i += 2;
        }
        default -> out.write(kind);
      }
    }
    return out.toByteArray();
  }
}
