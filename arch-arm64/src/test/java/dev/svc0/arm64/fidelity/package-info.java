/** Compares the function graphs of svc0 with recordings of a real kernel. */
package dev.svc0.arm64.fidelity;
