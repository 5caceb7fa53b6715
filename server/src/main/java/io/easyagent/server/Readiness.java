package io.easyagent.server;

import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Whether the server can do its work: the store takes a write in time and the CA's files can be
 * read. It looks at most once a second, however often it is asked: the question is open to
 * everybody.
 */
final class Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long LOOK_AGAIN_AFTER = Duration.ofSeconds(1).toNanos();

  private final Writer writer;
  private final Path certificates;
  private final LongSupplier nanoTime;
  private List<String> obstacles = List.of();
  private long lookedAt;
  private boolean looked;

  /**
   * @param nanoTime monotonic
   */
  Readiness(Writer writer, DataFolder folder, LongSupplier nanoTime) {
    this.writer = writer;
    this.certificates = folder.certificates();
    this.nanoTime = nanoTime;
  }

  /** Why the server is not ready, for its log; empty when it is. */
  synchronized List<String> obstacles() {
    long now = nanoTime.getAsLong();
    if (!looked || now - lookedAt >= LOOK_AGAIN_AFTER) {
      obstacles = look();
      looked = true;
      lookedAt = nanoTime.getAsLong();
    }
    return obstacles;
  }

  private List<String> look() {
    List<String> found = new ArrayList<>();
    if (!storeTakesWrites()) {
      found.add("the store takes no writes");
    }
    if (!certificatesAreReadable()) {
      found.add("the CA's files in " + certificates + " cannot be read");
    }
    return found;
  }

  private boolean storeTakesWrites() {
    try {
      Writer.Work<Integer> work =
          transaction ->
              transaction
                  .handle()
                  .execute(
                      "INSERT INTO server_state (name, value) VALUES ('ready', '1') ON CONFLICT"
                          + " (name) DO UPDATE SET value = '1'");
      writer.submit(work).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | RuntimeException failure) {
      return false;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean certificatesAreReadable() {
    try (Stream<Path> files = Files.list(certificates)) {
      List<Path> all = files.toList();
      return !all.isEmpty() && all.stream().allMatch(Files::isReadable);
    } catch (java.io.IOException failure) {
      return false;
    }
  }
}
