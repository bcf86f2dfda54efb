/** What a system call and a write cost, measured with JMH from inside the kernel core. */
@NullMarked
package dev.svc0.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
