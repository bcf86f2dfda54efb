package dev.svc0.runtime.task;

/** One thread of a program. <i>Linux:</i> {@code task_struct}. */
public class Task {}
