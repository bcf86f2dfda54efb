/**
 * Processes and threads: {@link dev.svc0.runtime.task.Task} (one thread of a program), its thread
 * group, credentials, signals, and how programs are loaded.
 */
@NullMarked
package dev.svc0.runtime.task;

import org.jspecify.annotations.NullMarked;
