/** The system calls themselves, a class a family. */
@NullMarked
package dev.svc0.runtime.calls;

import org.jspecify.annotations.NullMarked;
