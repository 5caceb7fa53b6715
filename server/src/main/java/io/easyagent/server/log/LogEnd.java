package io.easyagent.server.log;

/** Why nothing more comes of a stream. */
public sealed interface LogEnd {
  /** All that was asked for was sent. */
  record Complete() implements LogEnd {}

  /** The host says that it has nothing more to send. */
  record Stopped(String reason) implements LogEnd {}

  /** What more there is can be asked for with another stream. */
  record Broken(String reason) implements LogEnd {}
}
