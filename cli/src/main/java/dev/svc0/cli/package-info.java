/**
 * The {@code svc0} command: a class a subcommand, options turned into calls of the machine, errors
 * into one sentence and an exit status.
 *
 * <p>Exit status: the guest's own (128 + signal when a signal ended it); 2 for a command line that
 * makes no sense; 124 when {@code --timeout} ran out; 125 when svc0 itself failed; 126 when the
 * program cannot be executed; 127 when it was not found.
 */
@NullMarked
package dev.svc0.cli;

import org.jspecify.annotations.NullMarked;
