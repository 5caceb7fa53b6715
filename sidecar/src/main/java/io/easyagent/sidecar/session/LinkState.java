package io.easyagent.sidecar.session;

import java.time.Duration;
import java.time.Instant;

/** How the link to the server is, for people. */
public sealed interface LinkState {
  record Connecting(ServerAddress address) implements LinkState {}

  record Connected(ServerAddress address, Instant since) implements LinkState {}

  /**
   * @param refused whether the server said no, so that only an operator can end it
   */
  record Waiting(String reason, boolean refused, Duration delay, Instant from)
      implements LinkState {}

  record Closed() implements LinkState {}

  /** One line. */
  default String text() {
    return switch (this) {
      case Connecting(ServerAddress address) -> "connecting to " + address;
      case Connected(ServerAddress address, Instant since) ->
          "connected to " + address + " since " + since;
      case Waiting(String reason, boolean refused, Duration delay, Instant from) ->
          (refused ? "refused: " : "not connected: ")
              + reason
              + " (next try in "
              + delay.toSeconds()
              + " s, from "
              + from
              + ")";
      case Closed() -> "closed";
    };
  }
}
