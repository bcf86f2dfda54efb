package dev.svc0.runtime.task;

import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/**
 * The program a task executes, as /proc/PID shows it.
 *
 * @param executable the file, or null for a Java program
 * @param filename the path given to execve
 * @param argStart first address of the argument strings
 * @param argEnd first address after them
 * @param envStart first address of the environment strings
 * @param envEnd first address after them
 * @param auxv the auxiliary vector
 */
public record ExecImage(
    @Nullable File executable,
    String filename,
    long argStart,
    long argEnd,
    long envStart,
    long envEnd,
    byte[] auxv) {
  /** No program yet. */
  public static final ExecImage NONE = new ExecImage(null, "", 0, 0, 0, 0, new byte[0]);
}
