package io.easyagent.cli.progress;

import io.easyagent.api.Batch;
import io.easyagent.api.Operation;
import io.easyagent.api.Operation.State;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.ShortIds;
import io.easyagent.cli.console.Tint;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** A batch in a line: what it is, and how far it has come. */
public final class BatchText {
  private BatchText() {}

  /** For example {@code restart filebeat}. */
  public static String subject(Batch batch) {
    return batch.kind() + batch.agent().map(agent -> " " + agent).orElse("");
  }

  public static Line heading(Batch batch, ZoneId zone) {
    return Line.of(Tint.strong, "batch " + ShortIds.of(List.of(batch.id())).of(batch.id()))
        .add("  " + subject(batch))
        .add("  " + batch.target())
        .add("  " + batch.createdBy() + ", " + Figures.timeOfDay(batch.createdAt(), zone));
  }

  /** How many have ended, of how many, and how. */
  public static Line progress(Batch batch, Instant now, ZoneId zone) {
    Line line = Line.of(Figures.count(ended(batch)) + "/" + Figures.count(batch.total()));
    add(line, Tint.good, "ok", count(batch, State.succeeded));
    add(line, Tint.bad, "failed", count(batch, State.failed));
    add(line, Tint.bad, "interrupted", count(batch, State.interrupted));
    add(line, Tint.warning, "cancelled", count(batch, State.cancelled));
    add(line, Tint.warning, "expired", count(batch, State.expired));
    add(line, Tint.plain, "running", count(batch, State.running) + count(batch, State.sent));
    add(line, Tint.plain, "queued", Math.max(0, count(batch, State.queued) - batch.offline()));
    if (batch.offline() > 0) {
      add(line, Tint.warning, "offline", batch.offline());
      line.add(" (expire " + Figures.shortTime(batch.deadline(), now, zone) + ")");
    }
    return line;
  }

  private static void add(Line line, Tint tint, String word, long count) {
    if (count > 0) {
      line.add("  ").add(tint, word + " " + Figures.count(count));
    }
  }

  static long count(Batch batch, State state) {
    return batch.counts().getOrDefault(state, 0L);
  }

  static long ended(Batch batch) {
    return batch.counts().entrySet().stream()
        .filter(entry -> entry.getKey().finished())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Every operation has done what it should. */
  static boolean succeeded(Batch batch) {
    return batch.finished() && count(batch, State.succeeded) == batch.total();
  }

  static Line failure(Operation operation) {
    return Line.of(OperationText.tint(operation.state()), OperationText.word(operation.state()))
        .add(" " + operation.hostName() + ": " + OperationText.cause(operation));
  }
}
