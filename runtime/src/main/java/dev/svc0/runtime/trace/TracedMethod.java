package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import java.util.List;

/**
 * A method that can be traced.
 *
 * @param id its number in records
 * @param name the kernel's name of its work; for a system call, the call's name
 * @param layer the room it belongs to
 * @param systemCall whether it is the handler of a system call
 * @param className binary name of its class
 * @param methodName its name in Java
 * @param descriptor its descriptor in Java
 * @param arguments names of its parameters
 * @param result what it returns
 */
public record TracedMethod(
    int id,
    String name,
    Traced.Layer layer,
    boolean systemCall,
    String className,
    String methodName,
    String descriptor,
    List<String> arguments,
    Result result) {

  /** What a method returns, as far as a trace can show it. */
  public enum Result {
    /** Nothing. */
    NONE,
    /** A number or a truth value. */
    VALUE,
    /** A reference, of which only null or not is kept. */
    REFERENCE
  }

  /** The name a trace shows: a system call has the prefix of its ABI. */
  public String shownName(String systemCallPrefix) {
    return systemCall ? systemCallPrefix + name : name;
  }
}
