package io.easyagent.server.apply.api;

import io.easyagent.api.ApplyResult;
import io.easyagent.api.ApplyResult.Change;
import io.easyagent.api.ApplyResult.Item;
import io.easyagent.server.apply.PlannedItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Items of an apply as the API writes them. Differences are cut where an answer would grow large.
 */
final class ApplyOutcome {
  private static final int LONGEST_DIFF = 32 << 10;
  private static final int MOST_DIFF = 4 << 20;

  private final List<Item> items = new ArrayList<>();
  private int room = MOST_DIFF;

  static ApplyResult planned(List<PlannedItem> plan) {
    ApplyOutcome outcome = new ApplyOutcome();
    plan.forEach(item -> outcome.add(item, Optional.empty(), Optional.empty()));
    return new ApplyResult(outcome.items(), List.of());
  }

  /**
   * @param error makes the item a failed one
   */
  void add(PlannedItem item, Optional<UUID> operation, Optional<String> error) {
    items.add(
        new Item(
            item.host().id().value(),
            item.host().name(),
            item.agent(),
            error.isPresent() ? Change.failed : change(item),
            cut(diff(item)),
            operation,
            error));
  }

  List<Item> items() {
    return items;
  }

  private static Change change(PlannedItem item) {
    return switch (item) {
      case PlannedItem.Create _ -> Change.created;
      case PlannedItem.Change _ -> Change.changed;
      case PlannedItem.Unchanged _ -> Change.unchanged;
    };
  }

  private static String diff(PlannedItem item) {
    return switch (item) {
      case PlannedItem.Create create -> create.diff();
      case PlannedItem.Change change -> change.diff();
      case PlannedItem.Unchanged _ -> "";
    };
  }

  private String cut(String diff) {
    int most = Math.min(LONGEST_DIFF, room);
    String cut = diff.length() <= most ? diff : diff.substring(0, most) + "\n… (cut)\n";
    room = Math.max(0, room - diff.length());
    return cut;
  }
}
