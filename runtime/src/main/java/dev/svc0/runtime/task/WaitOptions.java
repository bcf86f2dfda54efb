package dev.svc0.runtime.task;

/**
 * Which children to wait for, and for what.
 *
 * @param type P_ALL, P_PID or P_PGID
 * @param id process or group id for the last two
 * @param options W… and __W… bits; WEXITED, WUNTRACED (= WSTOPPED) and WCONTINUED say for what
 */
public record WaitOptions(int type, int id, int options) {
  boolean has(long option) {
    return (options & (int) option) != 0;
  }
}
