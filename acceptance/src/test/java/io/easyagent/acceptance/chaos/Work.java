package io.easyagent.acceptance.chaos;

/** Orders, one after another, until it is told to end. */
interface Work {
  /** Gives one order and returns once it has ended. */
  void once() throws Exception;
}
