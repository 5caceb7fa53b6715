package io.easyagent.sidecar.session;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The session that is up, for calls over connections of their own. Thread-safe. */
final class CurrentSession {
  private final AtomicReference<Optional<Live>> live = new AtomicReference<>(Optional.empty());

  record Live(ServerAddress address, long epoch) {}

  Optional<Live> find() {
    return live.get();
  }

  void open(ServerAddress address, long epoch) {
    live.set(Optional.of(new Live(address, epoch)));
  }

  void close() {
    live.set(Optional.empty());
  }
}
