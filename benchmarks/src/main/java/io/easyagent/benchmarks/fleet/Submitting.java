package io.easyagent.benchmarks.fleet;

import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.Targets;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.benchmarks.measure.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Submits execs, enters those that were accepted, and waits for their ends. */
final class Submitting {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final EasyAgentClient client;
  private final Ledger ledger;

  Submitting(EasyAgentClient client, Ledger ledger) {
    this.client = client;
    this.ledger = ledger;
  }

  Batch toAll(String... command) {
    return submit(new Targets(Optional.empty(), Optional.empty(), Optional.of(true)), command);
  }

  private Batch submit(Targets targets, String... command) {
    Batch batch =
        client.submit(
            new BatchRequest(Command.exec(command), targets, Optional.of("15m"), Optional.empty()));
    ledger.accepted(batch);
    return batch;
  }

  void awaitEnd(Batch batch) throws Exception {
    Waiting.until(
        "every result of batch " + batch.id(),
        PATIENCE,
        LOOK,
        () -> client.batch(batch.id().toString()).finished());
  }

  /** Submits to one host after the other until it is told to stop, or the server is gone. */
  void oneByOne(List<String> hosts, AtomicBoolean stop) {
    try {
      for (int at = 0; !stop.get(); at = (at + 1) % hosts.size()) {
        submit(
            new Targets(Optional.of(List.of(hosts.get(at))), Optional.empty(), Optional.empty()),
            "/bin/true");
      }
    } catch (ClientException gone) {
      // What was not answered was not accepted.
      stop.set(true);
    }
  }
}
