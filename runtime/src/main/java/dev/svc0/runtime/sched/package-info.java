/** How a thread sleeps and is woken, and which operation it works for. */
@NullMarked
package dev.svc0.runtime.sched;

import org.jspecify.annotations.NullMarked;
