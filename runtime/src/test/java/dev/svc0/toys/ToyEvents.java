package dev.svc0.toys;

import static dev.svc0.annotation.Tracepoint.Show.DEVICE;
import static dev.svc0.annotation.Tracepoint.Show.HEX;
import static dev.svc0.annotation.Tracepoint.Show.RESULT;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Cause;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/** Events of each shape. */
@TracepointSet(system = "toy", type = "ToyTrace", layer = Traced.Layer.TASK)
interface ToyEvents {
  @Tracepoint(value = "toy_small", doc = "Numbers of each size.")
  void toySmall(
      @Cause long cause,
      byte one,
      boolean yes,
      short two,
      int four,
      long eight,
      @Field(HEX) int highBit,
      @Field(RESULT) int ret);

  @Tracepoint(value = "toy_large", doc = "Two records.")
  void toyLarge(@Field(DEVICE) int dev, long a, long b, long c, long d, long e, int last);

  @Tracepoint(value = "toy_text", doc = "Texts.")
  void toyText(int number, String first, String second);
}
