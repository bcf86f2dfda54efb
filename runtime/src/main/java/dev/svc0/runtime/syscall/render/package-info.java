/**
 * A table as text, JSON, Markdown, HTML, C header or Java constants: {@link
 * dev.svc0.runtime.syscall.render.TableFormat} finds the {@link
 * dev.svc0.runtime.syscall.render.TableRenderer} of a name. All of them read the table's metadata
 * and keep nothing of their own.
 */
@NullMarked
package dev.svc0.runtime.syscall.render;

import org.jspecify.annotations.NullMarked;
