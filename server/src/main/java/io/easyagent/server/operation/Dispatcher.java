package io.easyagent.server.operation;

import io.easyagent.definition.DurationText;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.schedule.Schedule;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives sessions what is due: SENT is committed, on the session's epoch, before the bytes leave. It
 * is woken by commits and by streams that open; what a wake missed, a slow poll finds. It keeps
 * nothing that the store does not have.
 */
public final class Dispatcher implements Wake, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final int HOSTS_AT_ONCE = 256;
  private static final int EXPIRED_AT_ONCE = 500;
  private static final Duration EXPIRE_EVERY = Duration.ofSeconds(1);
  private static final Duration POLL_EVERY = Duration.ofSeconds(10);

  /** What hosts have to come back to a server that was off, however long that was. */
  private static final Duration MOST_RETURNING = Duration.ofMinutes(15);

  private final OperationStore operations;
  private final SessionStore sessions;
  private final HostLinks links;
  private final Reader reader;
  private final Writer writer;
  private final InstantSource clock;
  private final Duration goneAfter;
  private final BlockingQueue<HostId> woken = new LinkedBlockingQueue<>();
  private final Set<HostId> waiting = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile Optional<OperationProgress> progress = Optional.empty();

  /**
   * @param goneAfter a host that is offline this long will not speak of what it was sent any more
   */
  public Dispatcher(
      OperationStore operations,
      SessionStore sessions,
      HostLinks links,
      Reader reader,
      Writer writer,
      InstantSource clock,
      Duration goneAfter) {
    this.operations = operations;
    this.sessions = sessions;
    this.links = links;
    this.reader = reader;
    this.writer = writer;
    this.clock = clock;
    this.goneAfter = goneAfter;
    this.thread = Thread.ofPlatform().name("dispatcher").unstarted(this::loop);
  }

  /** Starts, with the work that comes again on the schedule. */
  public void start(OperationProgress operationProgress, Schedule schedule) {
    progress = Optional.of(operationProgress);
    Instant started = clock.instant();
    thread.start();
    schedule.every(
        EXPIRE_EVERY,
        "operations whose time is over were not ended",
        () -> expire(operationProgress));
    schedule.every(
        POLL_EVERY, "hosts with work were not looked for", () -> poll(operationProgress, started));
  }

  @Override
  public void wake(Collection<HostId> hosts) {
    for (HostId host : hosts) {
      if (links.find(host).isPresent() && waiting.add(host)) {
        woken.add(host);
      }
    }
  }

  private void loop() {
    List<HostId> hosts = new ArrayList<>();
    while (!Thread.currentThread().isInterrupted()) {
      hosts.clear();
      try {
        hosts.add(woken.take());
      } catch (InterruptedException closed) {
        return;
      }
      woken.drainTo(hosts, HOSTS_AT_ONCE - 1);
      hosts.forEach(waiting::remove);
      try {
        writer.write(transaction -> dispatch(transaction, hosts)).forEach(Runnable::run);
      } catch (RuntimeException failure) {
        log.error("dispatch failed hosts={}; the poll will try again", hosts.size(), failure);
      }
    }
  }

  /** What is to be done for the hosts once this is committed. Most of them have no work left. */
  private List<Runnable> dispatch(Transaction transaction, List<HostId> hosts) {
    List<HostLink> ready =
        hosts.stream().flatMap(host -> links.find(host).stream()).filter(HostLink::ready).toList();
    Map<HostId, List<WorkItem>> unfinished =
        operations.unfinished(transaction, ready.stream().map(HostLink::host).toList());
    List<HostLink> busy =
        ready.stream().filter(link -> unfinished.containsKey(link.host())).toList();
    Set<HostId> taking =
        sessions.takingCommands(
            transaction, busy.stream().collect(Collectors.toMap(HostLink::host, HostLink::epoch)));
    // A batch gives all its hosts the same one.
    Map<String, Command> commands = new HashMap<>();
    List<Runnable> actions = new ArrayList<>();
    for (HostLink link : busy) {
      if (taking.contains(link.host())) {
        actions.addAll(
            dispatch(transaction, link, unfinished.getOrDefault(link.host(), List.of()), commands));
      }
    }
    return actions;
  }

  private List<Runnable> dispatch(
      Transaction transaction,
      HostLink link,
      List<WorkItem> unfinished,
      Map<String, Command> commands) {
    Instant now = clock.instant();
    List<Runnable> actions = new ArrayList<>();
    for (WorkItem item : Lanes.due(unfinished, link.epoch(), now)) {
      Command command =
          commands.computeIfAbsent(
              item.digest(), digest -> operations.requireCommand(transaction, digest));
      send(transaction, link, item, command, now).ifPresent(actions::add);
    }
    for (WorkItem item : unfinished) {
      if (item.cancelRequested() && item.state() != OperationState.QUEUED) {
        actions.add(() -> link.cancel(item.id()));
      }
    }
    return actions;
  }

  private Optional<Runnable> send(
      Transaction transaction, HostLink link, WorkItem item, Command command, Instant now) {
    return switch (link.prepare(item, command)) {
      case HostLink.Prepared.Sendable(Runnable send) -> {
        boolean marked =
            item.state() == OperationState.QUEUED
                ? operations.queuedToSent(transaction, item.id(), link.epoch(), now)
                : operations.sentAgain(transaction, item.id(), link.epoch());
        yield marked ? Optional.of(send) : Optional.empty();
      }
      case HostLink.Prepared.Impossible(String reason) -> {
        progress
            .orElseThrow()
            .apply(transaction, item, OperationEvent.NOT_SENDABLE, End.because(reason));
        yield Optional.empty();
      }
    };
  }

  private void expire(OperationProgress operationProgress) {
    Instant now = clock.instant();
    if (reader.read(transaction -> operations.queuedUntil(transaction, now, 1)).isEmpty()) {
      return;
    }
    writer.run(transaction -> {
      for (WorkItem item : operations.queuedUntil(transaction, now, EXPIRED_AT_ONCE)) {
        operationProgress.apply(
            transaction,
            item,
            OperationEvent.DEADLINE_PASSED,
            End.because("its time was over before it could be sent"));
      }
    });
  }

  private void poll(OperationProgress operationProgress, Instant started) {
    wake(reader.read(operations::hostsWithWork));
    Instant now = clock.instant();
    Duration returning = goneAfter.compareTo(MOST_RETURNING) < 0 ? goneAfter : MOST_RETURNING;
    if (now.isBefore(started.plus(returning))) {
      return;
    }
    Instant since = now.minus(goneAfter);
    for (HostId host : reader.read(transaction -> operations.hostsGoneSince(transaction, since))) {
      writer.run(transaction -> {
        if (operations.hostsGoneSince(transaction, since).contains(host)) {
          operationProgress.endSent(
              transaction,
              host,
              "its host has been away for more than " + DurationText.format(goneAfter));
        }
      });
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
