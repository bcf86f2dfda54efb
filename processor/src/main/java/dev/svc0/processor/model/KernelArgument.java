package dev.svc0.processor.model;

import dev.svc0.annotation.index.AbiKind;

/**
 * One argument as the kernel declares it.
 *
 * @param name the kernel's name of it
 * @param type its C type
 * @param kind how it is taken from its register
 */
public record KernelArgument(String name, String type, AbiKind kind) {
  @Override
  public String toString() {
    return type.endsWith("*") ? type + name : type + " " + name;
  }
}
