package io.easyagent.cli.remote;

import java.util.Optional;

/** Why a machine is not made a host, for people. */
final class RefusedHost extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<String> next;

  RefusedHost(String message) {
    super(message);
    this.next = Optional.empty();
  }

  RefusedHost(String message, String next) {
    super(message);
    this.next = Optional.of(next);
  }

  Optional<String> next() {
    return next;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
