package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.calls.EventCalls;
import dev.svc0.runtime.calls.FileCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.SignalCalls;
import org.junit.jupiter.api.Test;

/** epoll and eventfd, with what epoll(7) and eventfd(2) say. */
class EventTest {
  private static long watch(Machine machine, int set, int op, int fd, int events) {
    machine.task.memory().writeInt(machine.buffer(), events);
    machine.task.memory().writeLong(machine.buffer() + 8, fd);
    return EventCalls.epollCtl(machine.task, set, op, fd, machine.buffer());
  }

  private static long ready(Machine machine, int set) {
    return EventCalls.epollPwait(machine.task, set, machine.buffer(), 8, 0, 0, 8);
  }

  private static void put(Machine machine, int fd, long value) {
    machine.task.memory().writeLong(machine.buffer(), value);
    assertThat(ReadWriteCalls.write(machine.task, fd, machine.buffer(), 8)).isEqualTo(8);
  }

  private static long take(Machine machine, int fd) {
    long result = ReadWriteCalls.read(machine.task, fd, machine.buffer(), 8);
    return result < 0 ? result : machine.task.memory().readLong(machine.buffer());
  }

  @Test
  void countersAddAndAreTaken() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      int plain = (int) EventCalls.eventfd2(machine.task, 3, Poll.EFD_NONBLOCK);
      put(machine, plain, 4);
      assertThat(take(machine, plain)).isEqualTo(7);
      assertThat(take(machine, plain)).isEqualTo(-Errno.EAGAIN);
      put(machine, plain, -2);
      machine.task.memory().writeLong(machine.buffer(), 1);
      assertThat(ReadWriteCalls.write(machine.task, plain, machine.buffer(), 8))
          .isEqualTo(-Errno.EAGAIN);
      int semaphore =
          (int) EventCalls.eventfd2(machine.task, 2, Poll.EFD_NONBLOCK | Poll.EFD_SEMAPHORE);
      assertThat(take(machine, semaphore)).isEqualTo(1);
      assertThat(take(machine, semaphore)).isEqualTo(1);
      assertThat(take(machine, semaphore)).isEqualTo(-Errno.EAGAIN);
    }
  }

  /** Takes SIGIO if it is pending. */
  private static boolean signalled(Machine machine) {
    machine.task.memory().writeLong(machine.buffer(), 1L << Signals.SIGIO - 1);
    machine.task.memory().writeLong(machine.buffer() + 8, 0);
    machine.task.memory().writeLong(machine.buffer() + 16, 0);
    long signal =
        SignalCalls.rtSigtimedwait(machine.task, machine.buffer(), 0, machine.buffer() + 8, 8);
    return signal == Signals.SIGIO;
  }

  private static void asynchronous(Machine machine, int fd, int flag) {
    OpenCalls.fcntl(machine.task, fd, Fcntl.F_SETOWN, machine.task.pid());
    assertThat(OpenCalls.fcntl(machine.task, fd, Fcntl.F_SETFL, flag)).isZero();
  }

  /** What a program of these steps got on Linux: a signal for each write, and for each read. */
  @Test
  void pipesSendSignalsToWhoWantsThem() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      machine.task.memory().writeLong(machine.buffer(), 1L << Signals.SIGIO - 1);
      SignalCalls.rtSigprocmask(machine.task, 0, machine.buffer(), 0, 8);
      FileCalls.pipe2(machine.task, machine.buffer(), 0);
      int reader = machine.task.memory().readInt(machine.buffer());
      int writer = machine.task.memory().readInt(machine.buffer() + 4);
      put(machine, writer, 1);
      assertThat(signalled(machine)).isFalse();
      asynchronous(machine, reader, Fcntl.FASYNC);
      put(machine, writer, 1);
      assertThat(signalled(machine)).isTrue();
      put(machine, writer, 1);
      assertThat(signalled(machine)).isTrue();
      take(machine, reader);
      assertThat(signalled(machine)).isFalse();
      asynchronous(machine, reader, 0);
      asynchronous(machine, writer, Fcntl.FASYNC);
      put(machine, writer, 1);
      assertThat(signalled(machine)).isFalse();
      take(machine, reader);
      assertThat(signalled(machine)).isTrue();
      OpenCalls.close(machine.task, writer);
      take(machine, reader);
      assertThat(signalled(machine)).isFalse();
    }
  }

  @Test
  void levelsStayAndEdgesGo() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      int set = (int) EventCalls.epollCreate1(machine.task, 0);
      FileCalls.pipe2(machine.task, machine.buffer(), 0);
      int reader = machine.task.memory().readInt(machine.buffer());
      int writer = machine.task.memory().readInt(machine.buffer() + 4);
      assertThat(watch(machine, set, Poll.EPOLL_CTL_ADD, reader, Poll.EPOLLIN)).isZero();
      assertThat(watch(machine, set, Poll.EPOLL_CTL_ADD, reader, Poll.EPOLLIN))
          .isEqualTo(-Errno.EEXIST);
      assertThat(ready(machine, set)).isZero();
      put(machine, writer, 1);
      assertThat(ready(machine, set)).isEqualTo(1);
      assertThat(machine.task.memory().readInt(machine.buffer())).isEqualTo(Poll.EPOLLIN);
      assertThat(machine.task.memory().readLong(machine.buffer() + 8)).isEqualTo(reader);
      assertThat(ready(machine, set)).isEqualTo(1);
      watch(machine, set, Poll.EPOLL_CTL_MOD, reader, Poll.EPOLLIN | Poll.EPOLLET);
      assertThat(ready(machine, set)).isEqualTo(1);
      assertThat(ready(machine, set)).isZero();
      put(machine, writer, 1);
      assertThat(ready(machine, set)).isEqualTo(1);
      watch(machine, set, Poll.EPOLL_CTL_MOD, reader, Poll.EPOLLIN | Poll.EPOLLONESHOT);
      assertThat(ready(machine, set)).isEqualTo(1);
      put(machine, writer, 1);
      assertThat(ready(machine, set)).isZero();
      watch(machine, set, Poll.EPOLL_CTL_MOD, reader, Poll.EPOLLIN);
      OpenCalls.close(machine.task, writer);
      assertThat(ready(machine, set)).isEqualTo(1);
      assertThat(machine.task.memory().readInt(machine.buffer()))
          .isEqualTo(Poll.EPOLLIN | Poll.EPOLLHUP);
      OpenCalls.close(machine.task, reader);
      assertThat(ready(machine, set)).isZero();
    }
  }
}
