package io.easyagent.simulator;

import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.session.Enrolment.EnrolmentException;
import io.easyagent.sidecar.session.LinkState;
import io.easyagent.simulator.Enrolling.Enrolled;
import io.easyagent.simulator.connection.Delivery;
import io.easyagent.simulator.connection.HostConnections;
import io.easyagent.simulator.connection.Manner;
import io.easyagent.simulator.connection.Turns;
import io.easyagent.simulator.control.Answer;
import io.easyagent.simulator.control.Hosts;
import io.easyagent.simulator.host.HostNumber;
import io.easyagent.simulator.host.SharedParts;
import io.easyagent.simulator.host.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** All simulated hosts. Thread-safe. */
final class Fleet implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Fleet.class.getName());

  private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(15);

  private final SharedParts shared;
  private final Enrolling enrolling;
  private final ExecutorService threads;
  private final Turns turns;
  private final Semaphore permits;
  private final List<Member> members = new ArrayList<>();
  private final AtomicInteger enrolled = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong flooded = new AtomicLong();

  /** A host, and its connections, which are there before it is. */
  private static final class Member {
    private final HostNumber number;
    private final HostConnections connections;
    private volatile Optional<SimulatedHost> host = Optional.empty();

    Member(HostNumber number, HostConnections connections) {
      this.number = number;
      this.connections = connections;
    }
  }

  /**
   * @param threads a new virtual thread for each task
   */
  Fleet(Invocation invocation, SharedParts shared, Enrolling enrolling, ExecutorService threads) {
    this.shared = shared;
    this.enrolling = enrolling;
    this.threads = threads;
    this.turns = new Turns(invocation.handshakes(), shared.timer(), LONGEST_HANDSHAKE);
    this.permits = new Semaphore(invocation.atOnce());
    for (int each = 0; each < invocation.hosts(); each++) {
      members.add(
          new Member(
              new HostNumber(invocation.prefix(), invocation.first() + each),
              new HostConnections(threads, shared.timer(), turns)));
    }
  }

  /** Returns at once; each host connects as soon as it is enrolled and its journal is open. */
  void start(Consumer<Answer> out) {
    for (Member member : members) {
      threads.execute(() -> {
        try {
          permits.acquire();
          try {
            open(member);
          } finally {
            permits.release();
          }
        } catch (InterruptedException over) {
          Thread.currentThread().interrupt();
        } catch (IOException
            | IdentityException
            | EnrolmentException
            | JournalException
            | RuntimeException failure) {
          log.log(Level.WARNING, member.number.name(), failure);
          failed.incrementAndGet();
          out.accept(
              Answer.of("failed")
                  .with("host", member.number.name())
                  .with("reason", String.valueOf(failure.getMessage())));
        }
      });
    }
  }

  private void open(Member member)
      throws IOException,
          IdentityException,
          EnrolmentException,
          JournalException,
          InterruptedException {
    Path data = Files.createDirectories(member.number.folder(shared.state()));
    Enrolled known =
        enrolling.identity(
            member.number,
            data,
            SimulatedHost.facts(member.number, shared),
            member.connections.channels());
    if (known.isNew()) {
      enrolled.incrementAndGet();
    }
    SimulatedHost host =
        SimulatedHost.open(member.number, known.identity(), member.connections.channels(), shared);
    member.host = Optional.of(host);
    opened.incrementAndGet();
    host.connect();
  }

  int size() {
    return members.size();
  }

  int connected() {
    return Math.toIntExact(
        hosts(Hosts.ALL).stream()
            .filter(host -> host.link() instanceof LinkState.Connected)
            .count());
  }

  int failed() {
    return failed.get();
  }

  /** The figures of this moment. */
  Answer addTo(Answer answer) {
    int connecting = 0;
    int connected = 0;
    int refused = 0;
    int waiting = 0;
    long outbox = 0;
    for (SimulatedHost host : hosts(Hosts.ALL)) {
      outbox += host.waiting();
      switch (host.link()) {
        case LinkState.Connected state -> connected++;
        case LinkState.Connecting state -> connecting++;
        case LinkState.Waiting state when state.refused() -> refused++;
        case LinkState.Waiting state -> waiting++;
        case LinkState.Closed() -> waiting++;
      }
    }
    return answer
        .with("hosts", members.size())
        .with("enrolled_now", enrolled.get())
        .with("opened", opened.get())
        .with("failed", failed.get())
        .with("connected", connected)
        .with("connecting", connecting)
        .with("waiting", waiting)
        .with("refused", refused)
        .with("events_waiting", outbox)
        .with("flooded", flooded.get())
        .with("execs_run", shared.witness().total())
        .with("execs_run_twice", shared.witness().twice());
  }

  int behave(Manner manner, Hosts hosts) {
    return each(hosts, member -> member.connections.behave(manner));
  }

  int deliver(Delivery delivery, Hosts hosts) {
    return each(hosts, member -> member.connections.deliver(delivery));
  }

  int reconnect(Hosts hosts) {
    return each(hosts, member -> member.connections.breakAll());
  }

  int skew(Duration ahead, Hosts hosts) {
    return each(hosts, member -> member.host.ifPresent(host -> host.skew(ahead)));
  }

  int crash(Hosts hosts) {
    return each(hosts, member -> member.host.ifPresent(SimulatedHost::crashAgents));
  }

  /** Returns at once; the journals take the events as fast as they can. */
  int flood(int events, Hosts hosts) {
    return each(
        hosts,
        member ->
            member.host.ifPresent(host ->
                threads.execute(() -> {
                  try {
                    flooded.addAndGet(host.flood(events));
                  } catch (JournalException failure) {
                    log.log(Level.WARNING, member.number.name(), failure);
                  }
                })));
  }

  private int each(Hosts hosts, Consumer<Member> action) {
    int count = 0;
    for (Member member : members) {
      if (hosts.contains(member.number.value())) {
        action.accept(member);
        count++;
      }
    }
    return count;
  }

  private List<SimulatedHost> hosts(Hosts hosts) {
    return members.stream()
        .filter(member -> hosts.contains(member.number.value()))
        .flatMap(member -> member.host.stream())
        .toList();
  }

  /** Ends every session; journals are closed, and a later run goes on with them. */
  @Override
  public void close() {
    turns.end();
    each(Hosts.ALL, member -> member.connections.behave(Manner.NORMAL));
    try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (SimulatedHost host : hosts(Hosts.ALL)) {
        all.add(
            closing.submit(() -> {
              host.close();
              return null;
            }));
      }
      log.log(Level.INFO, "{0} hosts end", all.size());
    }
  }
}
