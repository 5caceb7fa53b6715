package io.easyagent.server.fleet;

/** Gives out what a caller may see and change; there is no way past it. */
@FunctionalInterface
public interface Scoped<T> {
  T within(Scope scope);
}
