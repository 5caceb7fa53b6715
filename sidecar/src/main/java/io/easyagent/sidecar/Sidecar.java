package io.easyagent.sidecar;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.NotifyingJournal;
import io.easyagent.sidecar.journal.store.FileJournal;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.local.AgentOrders;
import io.easyagent.sidecar.local.DataLock;
import io.easyagent.sidecar.local.Status;
import io.easyagent.sidecar.local.StatusSocket;
import io.easyagent.sidecar.logstream.HostLogs;
import io.easyagent.sidecar.metrics.AgentTree;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.metrics.Usage;
import io.easyagent.sidecar.policy.PolicyFile;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.prepare.HostAccounts;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.SecretFiles;
import io.easyagent.sidecar.service.ServiceHost;
import io.easyagent.sidecar.service.Watchdog;
import io.easyagent.sidecar.session.Departure;
import io.easyagent.sidecar.session.HostView;
import io.easyagent.sidecar.session.Link;
import io.easyagent.sidecar.session.Wakeup;
import io.easyagent.sidecar.upgrade.Installation;
import io.easyagent.sidecar.upgrade.Settings;
import io.easyagent.sidecar.upgrade.TrialText;
import io.easyagent.sidecar.upgrade.TrialWatch;
import io.easyagent.sidecar.upgrade.Upgrades;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A running sidecar: made in the order in which its parts need each other, closed in the reverse
 * order. Closing it leaves every agent running.
 */
public final class Sidecar implements AutoCloseable {
  private static final Logger log = Logger.getLogger(Sidecar.class.getName());

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<Watchdog.Part> watched = new ArrayList<>();

  private final ServiceHost service = ServiceHost.of(System.getenv());
  private final AtomicReference<Supplier<List<Status.Agent>>> told =
      new AtomicReference<>(List::of);

  private final Installation.Found installation =
      Installation.find(Path.of(System.getProperty("java.home", "/")), System.getenv());
  private final AtomicReference<Optional<String>> ending = new AtomicReference<>(Optional.empty());

  private Sidecar() {}

  /**
   * @param journals what stands between the journal and all that appends to it
   * @throws IdentityException when the host is not enrolled, and defines no agents of its own
   * @throws IOException when another sidecar runs on the data folder, or it cannot be used
   */
  static Sidecar start(
      Configuration configuration,
      String version,
      Workforce.Factory workforces,
      UnaryOperator<Journal> journals)
      throws IOException, IdentityException {
    return start(configuration, version, workforces, journals, SystemTime.clock());
  }

  /**
   * As the other.
   *
   * @param clock that certificates are judged by
   */
  static Sidecar start(
      Configuration configuration,
      String version,
      Workforce.Factory workforces,
      UnaryOperator<Journal> journals,
      Clock clock)
      throws IOException, IdentityException {
    Sidecar sidecar = new Sidecar();
    try {
      sidecar.open(configuration, version, workforces, journals, clock);
      return sidecar;
    } catch (IOException | IdentityException | RuntimeException failure) {
      sidecar.close();
      throw failure;
    }
  }

  private void open(
      Configuration configuration,
      String version,
      Workforce.Factory workforces,
      UnaryOperator<Journal> journals,
      Clock clock)
      throws IOException, IdentityException {
    Path data = configuration.data();
    parts.push(DataLock.acquire(data));
    IdentityFolder identities = new IdentityFolder(data);
    identities.takeReplacement();
    Optional<Identity> identity = identities.find();
    if (identity.isEmpty() && configuration.definitions().isEmpty()) {
      throw new IdentityException(
          "this host is not enrolled: no identity in "
              + data
              + " (see: easyagent-sidecar enroll; without a server: `definitions` in"
              + " sidecar.yaml)");
    }
    Metrics metrics = new Metrics();
    HostFacts facts = metrics.facts(version);
    Membership fleet = Membership.of(identity, identities, configuration, facts, clock);
    FileJournal file;
    try {
      file = FileJournal.open(folder(data.resolve("journal")));
    } catch (JournalException unreadable) {
      withoutJournal(unreadable, data, version, fleet, clock);
      return;
    }
    parts.push(file);
    watched.add(Watchdog.Part.of("journal", answered -> answer(file, answered)));
    Wakeup outboxChanged = new Wakeup();
    Journal journal = new NotifyingJournal(journals.apply(file), outboxChanged::signal);
    PolicySource policy = PolicyFile.at(configuration.policy());
    HostFolders folders = new HostFolders(data.toAbsolutePath());
    Workforce workforce =
        workforces.open(
            folders,
            facts,
            fleet.hostId(),
            journal,
            fleet.artifacts(),
            policy,
            fleet.secrets(),
            configuration.definitions(),
            Upgrades.of(
                installation,
                facts.architecture(),
                new Settings(configuration.file(), Configuration.USUAL_FILE),
                fleet.artifacts(),
                new HostAccounts(),
                new Proc(),
                Upgrades.within(System.getenv()),
                this::end));
    parts.push(workforce);
    workforce.begin();
    watched.addAll(workforce.parts());
    HostView view = new View(journal, workforce, metrics, fleet);
    HostLogs logs =
        new HostLogs(
            journal, folders, new SecretFiles(folders, new HostAccounts()), policy::againstLogs);
    Optional<Link> link =
        fleet.link(servers ->
            servers.sessions(journal, workforce.operations(), view, logs, outboxChanged));
    link.ifPresent(parts::push);
    AtomicReference<Optional<String>> shuttingDown = new AtomicReference<>(Optional.empty());
    parts.push(
        StatusSocket.open(
            data,
            () ->
                new Status(
                    version,
                    trial(clock),
                    fleet.hostText(),
                    fleet.linkText(link),
                    fleet.certificateText(),
                    shuttingDown.get().or(() -> stopped(policy)),
                    view.conditions(),
                    agents(journal, view)),
            progress -> shutDown(workforce, fleet, shuttingDown, progress),
            workforce.orders(),
            workforce.reload()));
    told.set(() -> agents(journal, view));
    link.ifPresent(Link::start);
    watchTrial(fleet::openSession, fleet, link);
    log.info("sidecar " + version + " of " + fleet.ownerText() + " runs on " + data);
  }

  /**
   * What was done before is not known, so that no command may be taken: the condition is told, and
   * agents run on under their keepers.
   */
  private void withoutJournal(
      JournalException unreadable, Path data, String version, Membership fleet, Clock clock)
      throws IOException {
    log.log(Level.SEVERE, "command intake is stopped: " + unreadable.getMessage());
    Optional<Link> link = fleet.link(servers -> servers.reporting(unreadable.getMessage()));
    link.ifPresent(parts::push);
    parts.push(
        StatusSocket.open(
            data,
            () ->
                new Status(
                    version,
                    trial(clock),
                    fleet.hostText(),
                    fleet.linkText(link),
                    fleet.certificateText(),
                    Optional.of(unreadable.getMessage()),
                    List.of(
                        "agents run on under their keepers; none is supervised until the journal"
                            + " can be read"),
                    List.of()),
            progress -> {
              progress.accept("no agent is supervised: " + unreadable.getMessage());
              return false;
            },
            (_, _, _) ->
                new AgentOrders.Answer(false, "no agent is supervised: " + unreadable.getMessage()),
            progress -> {
              progress.accept("no agent is supervised: " + unreadable.getMessage());
              return false;
            }));
    link.ifPresent(Link::start);
    // What takes no command is not confirmed.
    watchTrial(OptionalLong::empty, fleet, link);
  }

  /** A version, or settings, on trial are judged from here on. */
  private void watchTrial(Supplier<OptionalLong> session, Membership fleet, Optional<Link> link)
      throws IOException {
    TrialWatch.begin(
            installation,
            new Proc(),
            new TrialWatch.Sessions(session, () -> fleet.linkText(link)),
            this::end,
            TrialWatch::timer)
        .ifPresent(parts::push);
  }

  private Optional<String> trial(Clock clock) {
    return switch (installation) {
      case Installation.Found.Installed(Installation found) ->
          TrialText.find(found, new Proc(), clock);
      case Installation.Found.Elsewhere _ -> Optional.empty();
    };
  }

  private void end(String why) {
    log.info("the sidecar ends, and agents run on: " + why);
    ending.compareAndSet(Optional.empty(), Optional.of(why));
  }

  /** Whether the process is to end, so that what keeps the sidecar running starts another. */
  boolean isToEnd() {
    return ending.get().isPresent();
  }

  /** An append for nothing waits for what is being written; one that fails does not hang. */
  private static void answer(Journal journal, Runnable answered) {
    Thread.ofVirtual()
        .name("journal-answer")
        .start(() -> {
          try {
            journal.append(_ -> List.of());
          } catch (JournalException failed) {
            log.log(Level.FINE, "the journal answers: {0}", failed.getMessage());
          }
          answered.run();
        });
  }

  /** Once: afterwards no command is taken. The service host is asked for the time. */
  private boolean shutDown(
      Workforce workforce,
      Membership fleet,
      AtomicReference<Optional<String>> shuttingDown,
      Consumer<String> progress) {
    shuttingDown.set(
        Optional.of("agents are stopped on request of the host, until the sidecar's next start"));
    service.takesAtMost(workforce.longestShutdown().plus(Departure.PATIENCE));
    Consumer<String> announced =
        line -> {
          log.info("shutdown: " + line);
          service.status("shutdown: " + line);
          progress.accept(line);
        };
    boolean nothingLeft = workforce.shutDown(announced);
    if (fleet.leave()) {
      announced.accept("this ephemeral host has left its fleet");
    }
    return nothingLeft;
  }

  /** What of this host's agents runs, for those who see the sidecar end. */
  String leftRunning() {
    List<String> running =
        told.get().get().stream()
            .filter(agent -> !agent.pid().equals("-"))
            .map(agent -> agent.name() + " (process " + agent.pid() + ")")
            .toList();
    return running.isEmpty()
        ? "no agent runs"
        : "agents are left running: " + String.join(", ", running);
  }

  /** What must make progress for this sidecar to be of use. */
  List<Watchdog.Part> watched() {
    return List.copyOf(watched);
  }

  private static Optional<String> stopped(PolicySource policy) {
    return switch (policy.current()) {
      case PolicySource.State.InForce inForce -> Optional.empty();
      case PolicySource.State.Unusable(String reason) -> Optional.of("policy: " + reason);
    };
  }

  private static Path folder(Path path) throws IOException {
    return Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static List<Status.Agent> agents(Journal journal, HostView view) {
    List<Status.Agent> agents = new ArrayList<>();
    for (AgentRecord agent : journal.state().agents().values()) {
      ObservedAgent observed = view.observe(agent);
      agents.add(
          new Status.Agent(
              agent.definition().name(),
              word(observed.state()),
              word(observed.health()),
              observed.pid().isPresent() ? Integer.toString(observed.pid().getAsInt()) : "-",
              cause(agent, observed)));
    }
    return agents;
  }

  /** With the next run of its schedule. */
  private static String cause(AgentRecord agent, ObservedAgent observed) {
    return Stream.concat(
            Stream.of(observed.cause()).filter(cause -> !cause.isEmpty()),
            agent.definition().schedule().stream()
                .flatMap(times -> observed.nextRun().stream().map(times::shown))
                .map(next -> "next " + next))
        .collect(Collectors.joining(", "));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Ends the session, then the work, then the journal; agents are not touched. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception failure) {
        log.log(Level.WARNING, "not closed: " + part.getClass().getSimpleName(), failure);
      }
    }
  }

  /** This host as its sessions see it. */
  private record View(Journal journal, Workforce workforce, Metrics metrics, Membership fleet)
      implements HostView {
    @Override
    public ObservedAgent observe(AgentRecord agent) {
      return workforce.observe(agent);
    }

    @Override
    public List<String> conditions() {
      return Stream.concat(workforce.conditions().stream(), fleet.condition().stream()).toList();
    }

    @Override
    public Usage usage() {
      Map<AgentId, AgentTree> running = new HashMap<>();
      for (AgentRecord agent : journal.state().agents().values()) {
        workforce
            .observe(agent)
            .pid()
            .ifPresent(
                pid -> running.put(agent.id(), new AgentTree(pid, workforce.processes(agent))));
      }
      return metrics.sample(running);
    }
  }
}
