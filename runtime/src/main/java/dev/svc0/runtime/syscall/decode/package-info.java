/**
 * Calls as people read them, decoded from the roles in the definitions: {@link
 * dev.svc0.runtime.syscall.decode.CallDecoder} turns one call into text, {@link
 * dev.svc0.runtime.syscall.decode.Strace} listens to a table and writes a line a call.
 *
 * <p>Inputs are read when the call is made, outputs when it has returned and no further than the
 * result says. Names and layouts are the pinned kernel data; nothing here is kept by hand but which
 * field of a struct holds flags.
 */
@AbiNames
@NullMarked
package dev.svc0.runtime.syscall.decode;

import dev.svc0.annotation.AbiNames;
import org.jspecify.annotations.NullMarked;
