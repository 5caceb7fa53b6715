package io.easyagent.sidecar.process;

/**
 * Which part of a start a process is. One follows the other, each only when nothing is left of the
 * one before: an agent has at most one of them at a time.
 */
public enum Phase {
  PRE_START("preStart"),
  /** The agent's own process. */
  MAIN("command"),
  POST_STOP("postStop");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /** The key of the definition. */
  public String word() {
    return word;
  }
}
