package io.easyagent.benchmarks.fleet;

import io.easyagent.api.Batch;
import io.easyagent.api.Operation;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Percentiles;
import io.easyagent.benchmarks.measure.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** An exec on all hosts, again and again, and what the server takes for it. */
final class Fanouts {
  private static final Duration REST = Duration.ofSeconds(2);

  private final EasyAgentClient client;
  private final Submitting submitting;
  private final Begin begin;
  private final int outputBytes;

  /** Where a measurement begins. */
  interface Begin {
    Load load() throws IOException, BenchException;
  }

  /**
   * @param outputBytes that each host prints
   */
  Fanouts(EasyAgentClient client, Ledger ledger, Begin begin, int outputBytes) {
    this.client = client;
    this.submitting = new Submitting(client, ledger);
    this.begin = begin;
    this.outputBytes = outputBytes;
  }

  /** One, and the median of so many more. */
  void measure(int more, BiConsumer<Figure, Double> figures) throws Exception {
    Fanout first = fanout();
    figures.accept(Figure.FANOUT_FIRST_CPU_SECONDS, first.server());
    figures.accept(Figure.FANOUT_FIRST_WALL_SECONDS, first.wall());
    List<Fanout> later = new ArrayList<>();
    for (int at = 0; at < more; at++) {
      later.add(fanout());
    }
    figures.accept(Figure.FANOUT_CPU_SECONDS, median(later, Fanout::server));
    figures.accept(Figure.FANOUT_WALL_SECONDS, median(later, Fanout::wall));
    figures.accept(Figure.FANOUT_SIMULATOR_CPU_SECONDS, median(later, Fanout::simulator));
  }

  private record Fanout(double wall, double server, double simulator) {}

  private static double median(List<Fanout> fanouts, ToDoubleFunction<Fanout> figure) {
    return Percentiles.of(fanouts.stream().mapToDouble(figure).toArray()).median();
  }

  private Fanout fanout() throws Exception {
    SystemTime.pause(REST);
    Load load = begin.load();
    Batch batch = submitting.toAll("/bin/true");
    submitting.awaitEnd(batch);
    Fanout fanout = new Fanout(load.seconds(), load.server(), load.simulator());
    requireOutput(batch);
    return fanout;
  }

  /** That it is stored what a host printed. */
  private void requireOutput(Batch batch) throws BenchException {
    Operation any =
        client
            .operationsOf(batch.id().toString(), Optional.empty())
            .page(1, Optional.empty())
            .items()
            .getFirst();
    long bytes =
        client.operation(any.id().toString()).output().map(Operation.Output::totalBytes).orElse(0L);
    if (bytes != outputBytes) {
      throw new BenchException(
          "output of operation %s: %d bytes (expected: %d)"
              .formatted(any.id(), bytes, outputBytes));
    }
  }
}
