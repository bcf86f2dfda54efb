package dev.svc0.processor.model;

/**
 * One parameter of a handler, after the task.
 *
 * @param name its name
 * @param type its Java type
 * @param role what it means
 */
public record Parameter(String name, String type, Role role) {}
