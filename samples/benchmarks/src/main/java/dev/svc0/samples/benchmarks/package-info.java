/**
 * What a system call and a write cost, measured with JMH from inside the kernel core. The harness
 * fills the fields of a benchmark, which a null checker cannot see.
 */
@NullUnmarked
package dev.svc0.samples.benchmarks;

import org.jspecify.annotations.NullUnmarked;
