package io.easyagent.server.telemetry.api;

import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.operation.OperationChange;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.transport.RequestTimings;
import io.easyagent.server.transport.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What the server measures of itself, for Prometheus. Labels have few values: statuses, states and
 * routes, never hosts.
 */
public final class ServerMeters implements RequestTimings, AutoCloseable {
  /** One look serves all gauges of a scrape, and all scrapes of a moment. */
  private static final Duration REMEMBERED = Duration.ofSeconds(1);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  /**
   * @param writerQueue works that wait for the writer
   * @param forgotten rows that retention touched, by what they are
   * @param nanoTime monotonic
   */
  public ServerMeters(
      Hosts hosts,
      Operations operations,
      IntSupplier writerQueue,
      Map<String, LongSupplier> forgotten,
      LongSupplier nanoTime) {
    Remembered<Map<HostStatus, Long>> hostCounts =
        new Remembered<>(hosts::counts, REMEMBERED, nanoTime);
    for (HostStatus status : HostStatus.values()) {
      Gauge.builder("easyagent.hosts", () -> hostCounts.get().getOrDefault(status, 0L))
          .description("Hosts by status")
          .tag("status", word(status))
          .register(registry);
    }
    Gauge.builder("easyagent.writer.queue", writerQueue::getAsInt)
        .description("Works that wait for the store's writer")
        .register(registry);
    Remembered<Map<OperationState, Long>> unfinished =
        new Remembered<>(operations::countUnfinished, REMEMBERED, nanoTime);
    Map<OperationState, Counter> ended = new EnumMap<>(OperationState.class);
    for (OperationState state : OperationState.values()) {
      if (state.finished()) {
        ended.put(
            state,
            Counter.builder("easyagent.operations.ended")
                .description("Operations that ended since the server started, by outcome")
                .tag("outcome", word(state))
                .register(registry));
      } else {
        Gauge.builder("easyagent.operations", () -> unfinished.get().getOrDefault(state, 0L))
            .description("Unfinished operations by state")
            .tag("state", word(state))
            .register(registry);
      }
    }
    forgotten.forEach((what, rows) ->
        // The registry holds its argument weakly: itself, so that it does not matter.
        FunctionCounter.builder("easyagent.forgotten", registry, _ -> rows.getAsLong())
            .description("Rows that retention removed since the server began, by what they are")
            .tag("what", what)
            .register(registry));
    operations.onChange(changes -> count(changes, ended));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private static void count(List<OperationChange> changes, Map<OperationState, Counter> ended) {
    for (OperationChange change : changes) {
      Counter counter = ended.get(change.state());
      if (counter != null) {
        counter.increment(change.operations());
      }
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** For other parts that measure something. */
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public Timing start(Route route) {
    Timer.Sample sample = Timer.start(registry);
    return new Timing() {
      private String status = "refused";

      @Override
      public void status(int answered) {
        status = String.valueOf(answered);
      }

      @Override
      public void close() {
        sample.stop(
            Timer.builder("easyagent.http.requests")
                .description("Answered requests of the operators' port")
                .tag("method", route.method().name())
                .tag("route", route.path())
                .tag("status", status)
                .register(registry));
      }
    };
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
