package io.easyagent.benchmarks.fleet;

import io.easyagent.api.Batch;
import io.easyagent.api.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the API accepted, to be held against what the server tells in the end and what the
 * simulator's witness saw. Thread-safe.
 */
final class Ledger {
  private final List<Batch> accepted = new ArrayList<>();

  synchronized void accepted(Batch batch) {
    accepted.add(batch);
  }

  synchronized List<Batch> batches() {
    return List.copyOf(accepted);
  }

  synchronized long operations() {
    return accepted.stream().mapToLong(Batch::total).sum();
  }

  /**
   * How often each operation was run.
   *
   * @param lines of the witness: an operation, a blank and its host for each run
   */
  static Map<UUID, Integer> runs(Stream<String> lines) {
    Map<UUID, Integer> runs = new HashMap<>();
    lines.forEach(
        line -> runs.merge(UUID.fromString(line.substring(0, line.indexOf(' '))), 1, Integer::sum));
    return runs;
  }

  /**
   * @param lost accepted ones that are not there, have no end, or succeeded without a run
   * @param runTwice of all that were ever run, accepted or not
   */
  record Verdict(long lost, long runTwice, long interrupted) {

    /**
     * @param told what the server tells of each batch that was accepted
     */
    static Verdict of(
        List<Batch> accepted, Map<UUID, List<Operation>> told, Map<UUID, Integer> runs) {
      long lost = 0;
      long interrupted = 0;
      for (Batch batch : accepted) {
        List<Operation> operations = told.getOrDefault(batch.id(), List.of());
        lost += batch.total() - operations.size();
        for (Operation operation : operations) {
          boolean unfounded =
              operation.state() == Operation.State.succeeded && !runs.containsKey(operation.id());
          if (!operation.state().finished() || unfounded) {
            lost++;
          }
          if (operation.state() == Operation.State.interrupted) {
            interrupted++;
          }
        }
      }
      long twice = runs.values().stream().filter(times -> times > 1).count();
      return new Verdict(lost, twice, interrupted);
    }
  }
}
