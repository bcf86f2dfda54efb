package dev.svc0.runtime.trace;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditions on system calls as text: {@code pid==3 && path~/mnt/* && size>4096 && result<0 &&
 * duration>1ms}. Keys are {@code pid tid op fd size result duration} with {@code == != < <= > >=},
 * and {@code comm path call} with {@code == != ~}, where {@code ~} takes a pattern with {@code *}
 * and {@code ?}. Sizes may end in k or m, durations in ns, us, ms or s.
 */
public final class CallPredicate {
  private static final Pattern CONDITION =
      Pattern.compile("\\s*([a-z]+)\\s*(==|!=|<=|>=|<|>|~)\\s*(\\S.*?)\\s*");
  private static final Pattern NUMBER = Pattern.compile("(-?\\d+)(ns|us|ms|s|k|m)?");

  private CallPredicate() {}

  /**
   * Reads a text.
   *
   * @param numberOf the number of a call's name; −1 for an unknown one
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static Predicate<CallFacts> parse(String text, ToIntFunction<String> numberOf) {
    Predicate<CallFacts> all = facts -> true;
    for (String part : text.split("&&")) {
      Matcher matcher = CONDITION.matcher(part);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "\"" + part.strip() + "\" is no condition; write for example result<0 && duration>1ms");
      }
      all = all.and(condition(matcher.group(1), matcher.group(2), matcher.group(3), numberOf));
    }
    return all;
  }

  private static Predicate<CallFacts> condition(
      String key, String sign, String value, ToIntFunction<String> numberOf) {
    return switch (key) {
      case "comm" -> text(sign, value, CallFacts::comm);
      case "path" -> text(sign, value, CallFacts::path);
      case "call" -> call(sign, value, numberOf);
      case "pid" -> number(sign, value, CallFacts::pid);
      case "tid" -> number(sign, value, CallFacts::tid);
      case "op" -> number(sign, value, CallFacts::operation);
      case "fd" -> number(sign, value, CallFacts::fd);
      case "size" -> number(sign, value, CallFacts::size);
      case "result" -> number(sign, value, CallFacts::result);
      case "duration" -> number(sign, value, CallFacts::duration);
      default ->
          throw new IllegalArgumentException(
              "\""
                  + key
                  + "\" is no key: there are pid, tid, comm, op, call, fd, path, size, result and"
                  + " duration");
    };
  }

  private static Predicate<CallFacts> call(
      String sign, String name, ToIntFunction<String> numberOf) {
    int number = numberOf.applyAsInt(name);
    if (number < 0) {
      throw new IllegalArgumentException("there is no system call \"" + name + "\"");
    }
    return switch (sign) {
      case "==" -> facts -> facts.number() == number;
      case "!=" -> facts -> facts.number() != number;
      default -> throw new IllegalArgumentException("call can be compared with == and !=");
    };
  }

  private static Predicate<CallFacts> text(
      String sign, String value, Function<CallFacts, String> of) {
    Globs glob = Globs.of(value);
    return switch (sign) {
      case "==" -> facts -> of.apply(facts).equals(value);
      case "!=" -> facts -> !of.apply(facts).equals(value);
      case "~" -> facts -> glob.matches(of.apply(facts));
      default -> throw new IllegalArgumentException("texts can be compared with ==, != and ~");
    };
  }

  private static Predicate<CallFacts> number(
      String sign, String text, ToLongFunction<CallFacts> of) {
    long value = value(text);
    return switch (sign) {
      case "==" -> facts -> of.applyAsLong(facts) == value;
      case "!=" -> facts -> of.applyAsLong(facts) != value;
      case "<" -> facts -> of.applyAsLong(facts) < value;
      case "<=" -> facts -> of.applyAsLong(facts) <= value;
      case ">" -> facts -> of.applyAsLong(facts) > value;
      case ">=" -> facts -> of.applyAsLong(facts) >= value;
      default -> throw new IllegalArgumentException("numbers cannot be compared with " + sign);
    };
  }

  private static long value(String text) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no number");
    }
    String unit = matcher.group(2);
    long factor =
        switch (unit == null ? "" : unit) {
          case "us" -> 1_000;
          case "ms" -> 1_000_000;
          case "s" -> 1_000_000_000;
          case "k" -> 1 << 10;
          case "m" -> 1 << 20;
          default -> 1;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
  }
}
