package dev.svc0.runtime.task;

/** What a terminal driver hears about the session it controls. */
public interface SessionTerminal {
  /**
   * The session's leader has ended: the terminal sends SIGHUP to its foreground group. Called with
   * the task list lock held, after the terminal was taken from the session's processes.
   */
  void sessionEnded(SignalStruct leader);

  /** The line is cut for everybody who has it open. <i>Linux:</i> {@code tty_vhangup}. */
  void hangUp();

  /** Device number as /proc shows it: {@code major << 20 | minor}. */
  int device();

  /** The group in the foreground; 0 for none. */
  int foregroundGroup();
}
