/** Bios, requests, queues, devices. */
@NullMarked
package dev.svc0.runtime.block;

import org.jspecify.annotations.NullMarked;
