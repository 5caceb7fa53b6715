package io.easyagent.server.store;

/** Reads the store: what is committed when the work begins, all of it and nothing later. */
public interface Reader {
  /** Runs the work on one of a few connections, waiting for one that is free. */
  <T> T read(Writer.Work<T> work);
}
