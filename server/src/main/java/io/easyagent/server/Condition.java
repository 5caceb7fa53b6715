package io.easyagent.server;

import io.easyagent.server.backup.BackupAge;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the server is: what keeps it from its work, and what an operator should look at. */
final class Condition {
  private static final Logger log = LoggerFactory.getLogger(Condition.class);

  private final Readiness readiness;
  private final BackupAge backupAge;
  private final AtomicBoolean stopping = new AtomicBoolean();

  Condition(Readiness readiness, BackupAge backupAge) {
    this.readiness = readiness;
    this.backupAge = backupAge;
  }

  /**
   * From now on the server is not ready.
   *
   * @return whether this is the first time
   */
  boolean stops() {
    return stopping.compareAndSet(false, true);
  }

  /** Why the server is not ready; empty when it is. */
  List<String> obstacles() {
    return stopping.get() ? List.of("the server is stopping") : readiness.obstacles();
  }

  /** The server is ready all the same. */
  List<String> warnings() {
    return backupAge.warning().stream().toList();
  }

  void logWarnings() {
    warnings().forEach(warning -> log.warn("{}", warning));
  }
}
