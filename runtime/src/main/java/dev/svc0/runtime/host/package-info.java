/**
 * The kernel that the JVM itself runs on: its system calls, by number, for what Java has no way to
 * ask for; and whose its files are.
 */
@NullMarked
package dev.svc0.runtime.host;

import org.jspecify.annotations.NullMarked;
