package dev.svc0.runtime.task;

/** Stands for the runtime's task: these tests compile handlers without the runtime. */
public class Task {}
