package io.easyagent.cli.agent;

import io.easyagent.api.Agent;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.LogQuery;
import io.easyagent.api.client.LogUpdate;
import io.easyagent.api.client.Watch;
import io.easyagent.api.client.WatchSignal;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Documents;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Failures;
import io.easyagent.cli.session.Session;
import io.easyagent.definition.SinceText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Shows the output of agents line by line as it comes, each with its host's name where there are
 * several. Nothing is held for a slow terminal: the hosts stop reading.
 */
final class LogReading {
  static final int MOST_LINES = 10_000;
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Session session;
  private final LogQuery query;
  private final boolean follow;
  private final AtomicInteger status = new AtomicInteger(ExitStatus.DONE);

  LogReading(Session session, LogQuery query, boolean follow) {
    this.session = session;
    this.query = query;
    this.follow = follow;
  }

  /** Checks what the options say; the server knows what time it is. */
  static LogQuery query(@Nullable String since, @Nullable Integer tail) {
    if (tail != null && (tail < 0 || tail > MOST_LINES)) {
      throw CommandException.usage(
          "--tail: " + tail + " (expected: 0 to " + MOST_LINES + " lines)");
    }
    if (since != null && SinceText.parse(since).isEmpty()) {
      throw CommandException.usage(
          "--since: \"" + since + "\" (expected: " + SinceText.EXPECTED + ")");
    }
    return new LogQuery(Optional.ofNullable(since), Optional.ofNullable(tail));
  }

  /** Gives the exit status: that of the first agent whose output could not be read, else done. */
  int run(EasyAgentClient client, List<Agent> agents) throws InterruptedException {
    List<Thread> readers = new ArrayList<>();
    for (Agent agent : agents) {
      Reader reader = new Reader(agent, agents.size() > 1 ? agent.hostName() + " | " : "");
      readers.add(Thread.ofVirtual().name("log").start(() -> read(client, reader)));
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return status.get();
  }

  private void read(EasyAgentClient client, Reader reader) {
    try {
      reader.read(client);
    } catch (ClientException failure) {
      int failed = Failures.report(session.console(), failure, session.options().debug());
      status.compareAndSet(ExitStatus.DONE, failed);
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** For programs. */
  record Shown(String host, String agent, String line) {}

  private final class Reader {
    private final Agent agent;
    private final String prefix;
    private final LogLines lines = new LogLines();

    private Reader(Agent agent, String prefix) {
      this.agent = agent;
      this.prefix = prefix;
    }

    private void read(EasyAgentClient client) throws InterruptedException {
      Console console = session.console();
      try (Watch<LogUpdate> watch = client.logs(agent.id(), query, follow)) {
        while (!console.closed()) {
          Optional<WatchSignal<LogUpdate>> signal = watch.poll(STEP);
          if (signal.isEmpty()) {
            continue;
          }
          switch (signal.get()) {
            case WatchSignal.Item<LogUpdate>(LogUpdate update) -> show(update);
            case WatchSignal.Lost<LogUpdate>(String why) ->
                console.note(agent.hostName() + ": out of reach (" + why + "); waiting for it");
            case WatchSignal.Resumed<LogUpdate> _ -> console.note(agent.hostName() + ": is back");
            case WatchSignal.Ended<LogUpdate> _ -> {
              lines.finish().ifPresent(this::show);
              return;
            }
            case WatchSignal.Failed<LogUpdate>(ClientException why) -> throw why;
          }
        }
      }
    }

    private void show(LogUpdate update) {
      switch (update) {
        case LogUpdate.Part(var part) -> lines.add(part).forEach(this::show);
        case LogUpdate.Stopped(String reason) ->
            session.console().note(agent.name() + " on " + agent.hostName() + ": " + reason);
      }
    }

    private void show(LogLines.Item item) {
      switch (item) {
        case LogLines.Item.Text(String line) -> print(line);
        case LogLines.Item.Missing(long bytes) ->
            warn("… " + Figures.size(bytes) + " of " + agent.hostName() + " were not kept …");
        case LogLines.Item.Truncated() ->
            warn("… the output of " + agent.hostName() + " was truncated …");
      }
    }

    private void print(String line) {
      Console console = session.console();
      switch (session.options().output()) {
        case table -> {
          if (prefix.isEmpty()) {
            console.printText(line + "\n");
          } else {
            console.print(Line.of(Tint.faint, prefix).add(line.replace("\t", "    ")));
          }
        }
        case json ->
            console.printText(Documents.jsonLine(new Shown(agent.hostName(), agent.name(), line)));
        case yaml ->
            console.printText(
                "---\n" + Documents.yaml(new Shown(agent.hostName(), agent.name(), line)));
      }
    }

    private void warn(String text) {
      session.console().note(Line.of(Tint.warning, text));
    }
  }
}
