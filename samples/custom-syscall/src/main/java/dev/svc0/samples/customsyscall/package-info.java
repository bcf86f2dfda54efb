/** A system call of your own, from one annotated method to the C program that makes it. */
@NullMarked
package dev.svc0.samples.customsyscall;

import org.jspecify.annotations.NullMarked;
