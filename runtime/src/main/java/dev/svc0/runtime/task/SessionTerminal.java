package dev.svc0.runtime.task;

/** What a terminal driver hears about the session it controls. */
public interface SessionTerminal {
  /** The session's leader has ended; the terminal sends SIGHUP to its foreground group. */
  void sessionEnded(SignalStruct leader);
}
