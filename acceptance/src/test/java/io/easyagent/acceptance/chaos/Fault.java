package io.easyagent.acceptance.chaos;

import java.time.Duration;
import java.util.OptionalInt;

/** What befalls the system. Hosts are numbered from 0. */
sealed interface Fault {
  /** With SIGKILL; it is started again at once. */
  record KillServer() implements Fault {}

  record KillSidecar(int host) implements Fault {}

  /** SIGSTOP, and SIGCONT after that time. */
  record PauseServer(Duration time) implements Fault {}

  record PauseSidecar(int host, Duration time) implements Fault {}

  /** Every connection is reset; the next one succeeds. */
  record CutLink(int host) implements Fault {}

  /** Connections are reset, and new ones refused for that time. */
  record Unreachable(int host, Duration time) implements Fault {}

  /** Nothing passes, in either direction, for that time; then all of it does. */
  record SilentLink(int host, Duration time) implements Fault {}

  /** One end's connections are reset; the other end is told nothing for that time. */
  record HalfOpenLink(int host, Side told, Duration time) implements Fault {}

  /** No byte of room is left for that time. */
  record FillServerDisk(Duration time) implements Fault {}

  record FillHostDisk(int host, Duration time) implements Fault {}

  /** The wall clock of the process jumps, and back after that time. */
  record JumpServerClock(Duration by, Duration time) implements Fault {}

  record JumpSidecarClock(int host, Duration by, Duration time) implements Fault {}

  /** A backup is made of the running server. */
  record BackUpServer() implements Fault {}

  /** The server is killed, and restored from its last backup. */
  record RestoreServer() implements Fault {}

  /** An end of a link. */
  enum Side {
    SERVER,
    SIDECAR
  }

  /** The host that it befalls; empty: the server. */
  default OptionalInt struckHost() {
    return switch (this) {
      case KillSidecar(int host) -> OptionalInt.of(host);
      case PauseSidecar(int host, var _) -> OptionalInt.of(host);
      case CutLink(int host) -> OptionalInt.of(host);
      case Unreachable(int host, var _) -> OptionalInt.of(host);
      case SilentLink(int host, var _) -> OptionalInt.of(host);
      case HalfOpenLink(int host, var _, var _) -> OptionalInt.of(host);
      case FillHostDisk(int host, var _) -> OptionalInt.of(host);
      case JumpSidecarClock(int host, var _, var _) -> OptionalInt.of(host);
      case KillServer(),
          PauseServer(var _),
          FillServerDisk(var _),
          JumpServerClock(var _, var _),
          BackUpServer(),
          RestoreServer() ->
          OptionalInt.empty();
    };
  }
}
