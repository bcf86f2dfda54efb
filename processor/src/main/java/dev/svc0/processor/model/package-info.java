/** The pinned kernel tables, and the records that describe handlers and tables. */
@NullMarked
package dev.svc0.processor.model;

import org.jspecify.annotations.NullMarked;
