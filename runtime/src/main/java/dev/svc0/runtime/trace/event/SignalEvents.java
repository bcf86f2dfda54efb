package dev.svc0.runtime.trace.event;

import static dev.svc0.annotation.Tracepoint.Show.HEX;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/** Signals. */
@TracepointSet(system = "signal", type = "SignalTrace", layer = Traced.Layer.TASK)
interface SignalEvents {
  @Tracepoint(
      value = "signal_generate",
      doc = "A signal is sent; result: 0 delivered, 1 ignored, 2 pending already.")
  void signalGenerate(int sig, int errno, int code, String comm, int pid, int group, int result);

  @Tracepoint(value = "signal_deliver", doc = "A signal is delivered.")
  void signalDeliver(
      int sig, int errno, int code, @Field(HEX) long saHandler, @Field(HEX) long saFlags);
}
