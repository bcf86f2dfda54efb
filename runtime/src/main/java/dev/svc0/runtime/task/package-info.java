/**
 * Processes and threads: {@link dev.svc0.runtime.task.Task} (one thread of a program), {@link
 * dev.svc0.runtime.task.SignalStruct} (what the threads of a process share), {@link
 * dev.svc0.runtime.task.Kernel} (all of them, and what they run on); how they come into being
 * ({@link dev.svc0.runtime.task.Fork}), load programs ({@link dev.svc0.runtime.task.Exec}, {@link
 * dev.svc0.runtime.task.BinaryFormat}), signal each other ({@link
 * dev.svc0.runtime.task.SignalSender}, {@link dev.svc0.runtime.task.SignalDelivery}), wait ({@link
 * dev.svc0.runtime.task.Wait}, {@link dev.svc0.runtime.task.FutexTable}) and end ({@link
 * dev.svc0.runtime.task.Exit}).
 *
 * <p>Each task runs on one platform thread of its own. Whoever wants something of a running task
 * makes it pending, asks its registers for an interrupt and unparks its thread; the host's {@code
 * Thread.interrupt} is never used, because it would close file channels.
 *
 * <p>Knows no architecture: registers are a {@link dev.svc0.runtime.task.ThreadContext}, executable
 * files a {@link dev.svc0.runtime.task.BinaryFormat}.
 *
 * <p><b>Lock order:</b> the kernel's task list lock, then the monitor of one {@link
 * dev.svc0.runtime.task.SignalStruct}, then timers and futex buckets. None of them is held while a
 * thread sleeps, and none while user memory is touched, except a futex bucket's.
 */
@NullMarked
package dev.svc0.runtime.task;

import org.jspecify.annotations.NullMarked;
