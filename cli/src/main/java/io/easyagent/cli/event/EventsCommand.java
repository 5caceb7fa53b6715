package io.easyagent.cli.event;

import io.easyagent.api.Event;
import io.easyagent.api.Page;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.EventQuery;
import io.easyagent.api.client.Watch;
import io.easyagent.api.client.WatchSignal;
import io.easyagent.cli.console.Documents;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What happened on hosts, and what happens. */
@Command(name = "events", description = "show what happened; with --follow also what happens")
public final class EventsCommand implements Callable<Integer> {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Session session;

  @Option(names = "--host", paramLabel = "NAME|ID", description = "only of this host")
  private @Nullable String host;

  @Option(
      names = "--agent",
      paramLabel = "AGENT",
      description = "only of this agent: its name or id")
  private @Nullable String agent;

  @Option(names = "--kind", paramLabel = "KIND", description = "only of this kind")
  private @Nullable String kind;

  @Option(names = "--after", paramLabel = "ID", description = "only later ones than this")
  private @Nullable Long after;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "at most so many of the past (default 100)")
  private long limit = 100;

  @Option(
      names = {"-f", "--follow"},
      description = "go on until Ctrl-C")
  private boolean follow;

  public EventsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (EasyAgentClient client = session.connect()) {
      Page<Event> past =
          client.events(query(Optional.ofNullable(after))).collect(Inputs.limit(limit));
      List<Event> oldestFirst =
          past.items().stream().sorted(Comparator.comparingLong(Event::id)).toList();
      if (!follow) {
        session.show(past, () -> oldestFirst.forEach(this::print));
        return ExitStatus.DONE;
      }
      oldestFirst.forEach(this::printOne);
      Optional<Long> last =
          oldestFirst.isEmpty()
              ? Optional.ofNullable(after)
              : Optional.of(oldestFirst.getLast().id());
      return follow(client, last);
    }
  }

  private EventQuery query(Optional<Long> from) {
    return new EventQuery(
        Optional.ofNullable(host), Optional.ofNullable(agent), Optional.ofNullable(kind), from);
  }

  private int follow(EasyAgentClient client, Optional<Long> from) throws InterruptedException {
    try (Watch<Event> watch = client.watchEvents(query(from))) {
      while (true) {
        session.console().flush();
        Optional<WatchSignal<Event>> signal = watch.poll(STEP);
        if (session.console().closed()) {
          return ExitStatus.DONE;
        }
        if (signal.isPresent()) {
          switch (signal.get()) {
            case WatchSignal.Item<Event>(Event event) -> printOne(event);
            case WatchSignal.Lost<Event>(String why) ->
                session.console().note("server out of reach (" + why + "); waiting for it");
            case WatchSignal.Resumed<Event> _ -> session.console().note("server is back");
            case WatchSignal.Ended<Event> _ -> {
              return ExitStatus.DONE;
            }
            case WatchSignal.Failed<Event>(ClientException why) -> throw why;
          }
        }
      }
    }
  }

  private void printOne(Event event) {
    switch (session.options().output()) {
      case table -> print(event);
      case json -> session.console().printText(Documents.jsonLine(event));
      case yaml -> session.console().printText("---\n" + Documents.yaml(event));
    }
  }

  private void print(Event event) {
    Line line =
        Line.of(Tint.faint, Figures.fullTime(event.occurredAt(), session.zone()) + "  ")
            .add(Tint.strong, event.kind());
    event.agent().ifPresent(name -> line.add("  " + name));
    event
        .hostName()
        .ifPresent(name -> line.add((event.agent().isPresent() ? " on " : "  ") + name));
    session.console().print(event.message().isEmpty() ? line : line.add("  " + event.message()));
  }
}
