package io.easyagent.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What an apply did, or with dryRun would do.
 *
 * @param batches that do it, one for each kind and agent; empty when nothing changed
 */
public record ApplyResult(List<Item> items, List<Batch> batches) {
  /**
   * @param diff of the definition in canonical YAML, unified; empty when unchanged
   * @param error with {@code failed}
   */
  public record Item(
      UUID hostId,
      String hostName,
      String agent,
      Change change,
      String diff,
      Optional<UUID> operationId,
      Optional<String> error) {}

  public enum Change {
    created,
    changed,
    unchanged,
    failed
  }
}
