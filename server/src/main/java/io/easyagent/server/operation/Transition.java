package io.easyagent.server.operation;

/** What an event does to an operation. */
public sealed interface Transition {
  record To(OperationState state) implements Transition {}

  /** The state stays SENT, and the same command is given to the host's session once more. */
  record SendAgain() implements Transition {}

  /** Nothing changes. */
  record Ignored(String reason) implements Transition {}
}
