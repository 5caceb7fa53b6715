package io.easyagent.server.store;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.Callback;

/** The tables of one store: which version of them it has, and how they become the latest. */
final class Schema {
  private final Flyway flyway;
  private final Path file;

  /**
   * @param callbacks told of each step
   */
  Schema(DataSource source, Path file, Callback... callbacks) {
    this.file = file;
    this.flyway =
        Flyway.configure()
            .dataSource(source)
            .locations("classpath:db/migration")
            .placeholders(Map.of("bytes", "BLOB", "sequence", "INTEGER"))
            .callbacks(callbacks)
            .load();
  }

  /**
   * @throws IllegalStateException when a newer server has written the store
   */
  void requireNotNewer() {
    for (MigrationInfo migration : flyway.info().all()) {
      if (migration.getState() == MigrationState.FUTURE_SUCCESS
          || migration.getState() == MigrationState.FUTURE_FAILED) {
        throw new IllegalStateException(
            "store %s: schema version %s was written by a newer server (expected: at most what this"
                    .formatted(file, migration.getVersion())
                + " one knows; start the newer server, or restore a backup of this one's)");
      }
    }
  }

  /** The version that the store has; empty for a store without tables. */
  Optional<String> version() {
    return Arrays.stream(flyway.info().applied())
        .map(MigrationInfo::getVersion)
        .max(MigrationVersion::compareTo)
        .map(MigrationVersion::getVersion);
  }

  /** Whether {@link #migrate} has something to do. */
  boolean isBehind() {
    return flyway.info().pending().length > 0;
  }

  /** Each step is one transaction: a server that was killed goes on after the last whole one. */
  void migrate() {
    flyway.migrate();
  }
}
