package io.easyagent.simulator.host;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.NotifyingJournal;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.journal.store.FileJournal;
import io.easyagent.sidecar.logstream.HostLogs;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.metrics.Usage;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.SecretFiles;
import io.easyagent.sidecar.session.Channels;
import io.easyagent.sidecar.session.HostView;
import io.easyagent.sidecar.session.Link;
import io.easyagent.sidecar.session.LinkState;
import io.easyagent.sidecar.session.RenewalRule;
import io.easyagent.sidecar.session.ServerAddresses;
import io.easyagent.sidecar.session.ServerLink;
import io.easyagent.sidecar.session.Wakeup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sidecar of which only the processes are simulated: its certificate, its link and sessions, its
 * journal with its syncs, its outbox and its operations are the real ones. Thread-safe.
 */
public final class SimulatedHost implements AutoCloseable {
  private static final int EVENTS_AT_ONCE = 200;

  private final HostNumber number;
  private final HostClock clock;
  private final Journal journal;
  private final FileJournal file;
  private final SimulatedWork work;
  private final Link link;

  private SimulatedHost(
      HostNumber number,
      HostClock clock,
      Journal journal,
      FileJournal file,
      SimulatedWork work,
      Link link) {
    this.number = number;
    this.clock = clock;
    this.journal = journal;
    this.file = file;
    this.work = work;
    this.link = link;
  }

  /** What an enrolled host says of itself. */
  public static HostFacts facts(HostNumber number, SharedParts shared) {
    return MadeUp.facts(number, shared.life());
  }

  /**
   * Opens its journal and takes up what its last life left. It has no session before {@link
   * #connect}.
   *
   * @param identity as its data folder has it
   */
  public static SimulatedHost open(
      HostNumber number, Identity identity, Channels channels, SharedParts shared)
      throws IOException, JournalException {
    Path data = number.folder(shared.state()).toAbsolutePath();
    HostClock clock = new HostClock(shared.wall());
    HostFacts facts = facts(number, shared);
    ServerLink servers =
        new ServerLink(
            channels,
            new CurrentIdentity(new IdentityFolder(data), identity, clock),
            ServerAddresses.open(data, identity.fleetId(), shared.servers()),
            facts,
            clock,
            shared.random(),
            shared.reconnect(),
            RenewalRule.USUAL);
    FileJournal file =
        FileJournal.open(Files.createDirectories(data.resolve("journal")), shared.journals());
    Wakeup outboxChanged = new Wakeup();
    Journal journal = new NotifyingJournal(file, outboxChanged::signal);
    try {
      beBorn(journal, MadeUp.agents(number, shared.agents(), shared.own().name()));
      SimulatedWork work =
          new SimulatedWork(
              number,
              new HostFolders(data),
              facts,
              identity.hostId(),
              journal,
              clock,
              servers.artifacts(),
              servers.secrets(),
              shared);
      work.begin();
      HostView view = new View(number, journal, work, servers, shared, shared.nanos().getAsLong());
      HostFolders folders = new HostFolders(data);
      HostLogs logs =
          new HostLogs(
              journal,
              folders,
              new SecretFiles(folders, new SimulatedWork.OneAccount(shared.own())),
              Optional::empty);
      Link link = servers.sessions(journal, work.operations(), view, logs, outboxChanged);
      return new SimulatedHost(number, clock, journal, file, work, link);
    } catch (JournalException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  /** Its first life begins with agents that run; later ones have what was made of them. */
  private static void beBorn(Journal journal, List<AgentRecord> agents) throws JournalException {
    journal.append(state -> {
      boolean born = state.session().isPresent() || !state.agents().isEmpty();
      return born
          ? List.of()
          : agents.stream().<JournalEntry>map(JournalEntry.AgentKept::new).toList();
    });
  }

  public HostNumber number() {
    return number;
  }

  /** Once. From now on it keeps a session. */
  public void connect() {
    link.start();
  }

  public LinkState link() {
    return link.state();
  }

  /** Its agents end by themselves, all at once. */
  public void crashAgents() {
    work.crash();
  }

  /** Its clock is this much ahead; negative: behind. */
  public void skew(Duration ahead) {
    clock.skew(ahead);
  }

  /**
   * Its first agent has that much to tell, as fast as the journal takes it.
   *
   * @return how many events were queued; none on a host without agents
   */
  public int flood(int events) throws JournalException {
    int queued = 0;
    while (queued < events) {
      int some = Math.min(EVENTS_AT_ONCE, events - queued);
      int before = queued;
      JournalState state = journal.append(now -> happenings(now, before, some));
      if (state.agents().isEmpty()) {
        return 0;
      }
      queued += some;
    }
    return queued;
  }

  private List<JournalEntry> happenings(JournalState state, int before, int count) {
    if (state.agents().isEmpty()) {
      return List.of();
    }
    var agent = state.agents().firstEntry().getKey();
    List<OutboxEvent> events = new ArrayList<>();
    for (int event = 1; event <= count; event++) {
      events.add(new OutboxEvent.AgentHappened(agent, "flood", "event " + (before + event)));
    }
    return Outbox.queue(state, clock.instant(), events);
  }

  /** Events that wait for the server. */
  public int waiting() {
    return journal.state().outbox().size();
  }

  /** Ends the session, then the work, then the journal. */
  @Override
  public void close() throws IOException {
    link.close();
    work.close();
    file.close();
  }

  /** This host as its sessions see it. */
  private record View(
      HostNumber number,
      Journal journal,
      SimulatedWork work,
      ServerLink servers,
      SharedParts shared,
      long startedNanos)
      implements HostView {
    @Override
    public ObservedAgent observe(AgentRecord agent) {
      return work.observe(agent);
    }

    @Override
    public List<String> conditions() {
      return servers.renewal().condition().stream().toList();
    }

    @Override
    public Usage usage() {
      List<AgentRecord> running =
          journal.state().agents().values().stream()
              .filter(agent -> work.observe(agent).pid().isPresent())
              .toList();
      Duration upFor = Duration.ofNanos(shared.nanos().getAsLong() - startedNanos);
      return MadeUp.usage(number, upFor, running);
    }
  }
}
