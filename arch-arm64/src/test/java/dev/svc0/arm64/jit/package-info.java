/** Parts of the translator by themselves. What it translates is tested with the engines. */
@NullMarked
package dev.svc0.arm64.jit;

import org.jspecify.annotations.NullMarked;
