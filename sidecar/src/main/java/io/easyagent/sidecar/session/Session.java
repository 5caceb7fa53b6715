package io.easyagent.sidecar.session;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.easyagent.protocol.ControlRequest;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.EasyAgentServiceGrpc.EasyAgentServiceBlockingStub;
import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.InventoryResponse;
import io.easyagent.protocol.RegisterResponse;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry.SessionOpened;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.session.Registration.Registered;
import io.easyagent.sidecar.wire.Fields;
import io.easyagent.sidecar.wire.InventoryCodec;
import io.easyagent.sidecar.wire.WireException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Sessions with the server, one after another: registered, journalled, inventory accepted, then
 * commands in and events out until the link breaks or the server ends it.
 */
final class Session implements SessionWork {
  private static final Logger log = Logger.getLogger(Session.class.getName());
  private static final long CALL_SECONDS = 30;

  private final Journal journal;
  private final Operations operations;
  private final HostView host;
  private final HostFacts facts;
  private final String fleetId;
  private final Headers headers;
  private final Clock clock;
  private final CurrentSession current;
  private final Renewal renewal;
  private final ServerAddresses addresses;
  private final Wakeup outboxChanged;
  private final LogStreaming logs;

  Session(
      Journal journal,
      Operations operations,
      HostView host,
      HostFacts facts,
      String fleetId,
      Headers headers,
      Clock clock,
      CurrentSession current,
      Renewal renewal,
      ServerAddresses addresses,
      Wakeup outboxChanged,
      LogStreaming logs) {
    this.journal = journal;
    this.operations = operations;
    this.host = host;
    this.facts = facts;
    this.fleetId = fleetId;
    this.headers = headers;
    this.clock = clock;
    this.current = current;
    this.renewal = renewal;
    this.addresses = addresses;
    this.outboxChanged = outboxChanged;
    this.logs = logs;
  }

  @Override
  public SessionEnd run(ManagedChannel channel, ServerAddress address, Runnable up)
      throws InterruptedException {
    try {
      EasyAgentServiceBlockingStub stub = EasyAgentServiceGrpc.newBlockingStub(channel);
      Optional<SessionEnd> renewed = renewal.beforeSession(stub);
      if (renewed.isPresent()) {
        return renewed.get();
      }
      Registered registered;
      try {
        registered = register(stub);
      } catch (StatusRuntimeException failure) {
        if (failure.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
          return new SessionEnd.Undecided(broken(failure).reason());
        }
        throw failure;
      }
      long epoch = registered.opened().epoch();
      List<String> conditions = host.conditions();
      List<String> told = told(conditions);
      reportInventory(stub, epoch, conditions);
      Iterator<ControlResponse> commands =
          stub.readyForControl(ControlRequest.newBuilder().setH(headers.of(epoch)).build());
      current.open(address, epoch);
      up.run();
      log.info("session " + epoch + " with " + address + " is up");
      return serve(channel, stub, address, registered, told, commands);
    } catch (StatusRuntimeException failure) {
      return end(failure, renewal);
    } catch (WireException unreadable) {
      return new SessionEnd.Broken("the server's answer: " + unreadable.getMessage(), false);
    } catch (JournalException unwritable) {
      return new SessionEnd.Broken(unwritable.getMessage(), false);
    } finally {
      current.close();
    }
  }

  /** What a call's failure means for the session; a server that is busy says when to come back. */
  static SessionEnd end(StatusRuntimeException failure, Renewal renewal) {
    SessionEnd.Broken broken = renewal.broken(failure);
    return Pushback.find(failure)
        .<SessionEnd>map(after -> new SessionEnd.ComeBack(after, broken.reason()))
        .orElse(broken);
  }

  static SessionEnd.Broken broken(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    boolean refused =
        status.getCode() == Status.Code.UNAUTHENTICATED
            || status.getCode() == Status.Code.PERMISSION_DENIED;
    Throwable cause = status.getCause();
    String reason =
        status.getCode()
            + (status.getDescription() == null ? "" : ": " + status.getDescription())
            + (cause == null ? "" : " (" + cause.getMessage() + ")");
    return new SessionEnd.Broken(reason, refused);
  }

  private Registered register(EasyAgentServiceBlockingStub stub)
      throws WireException, JournalException {
    Optional<SessionOpened> last = journal.state().session();
    RegisterResponse response =
        stub.withDeadlineAfter(CALL_SECONDS, SECONDS)
            .registerSidecar(
                Registration.request(facts, last, Map.of()).toBuilder()
                    .setH(headers.of(0))
                    .build());
    Registered registered = Registration.read(response, last, fleetId, facts.hostName());
    renewal.learn(response.getCertificateAuthoritiesList());
    addresses.learn(response.getServerAddressesList());
    journal.append(state -> List.of(registered.opened()));
    return registered;
  }

  private void reportInventory(
      EasyAgentServiceBlockingStub stub, long epoch, List<String> conditions)
      throws WireException, JournalException {
    InventoryResponse response = sendInventory(stub, epoch, conditions);
    if (response.getStartNewIncarnation()) {
      log.warning("the server holds higher numbers than this host gave out; numbering anew");
      journal.append(before -> Outbox.startIncarnation(UUID.randomUUID()));
      // Events are taken only of the incarnation that the session's inventory names.
      response = sendInventory(stub, epoch, conditions);
      if (response.getStartNewIncarnation()) {
        throw new WireException("startNewIncarnation: for one that has just been started");
      }
    }
  }

  private InventoryResponse sendInventory(
      EasyAgentServiceBlockingStub stub, long epoch, List<String> conditions)
      throws WireException, JournalException {
    JournalState state = journal.state();
    Inventory inventory =
        InventoryCodec.encode(state, host::observe, conditions).toBuilder()
            .setH(headers.of(epoch))
            .build();
    InventoryResponse response =
        stub.withDeadlineAfter(CALL_SECONDS, SECONDS).reportInventory(inventory);
    List<OperationId> finished = new ArrayList<>();
    for (var id : response.getFinishedOperationsList()) {
      finished.add(new OperationId(Fields.uuid(id, "finishedOperations")));
    }
    if (!response.getStartNewIncarnation()) {
      requireGivenOut(response.getCommittedNumber(), state);
      long committed = response.getCommittedNumber();
      journal.append(before -> Outbox.acknowledge(before, committed));
    }
    journal.append(before -> Outbox.forget(before, finished));
    operations.agreed(Set.copyOf(finished));
    return response;
  }

  /** What only an inventory tells: conditions, and agents that no command of the server changes. */
  private List<String> told(List<String> conditions) {
    return Stream.concat(
            conditions.stream(),
            journal.state().agents().values().stream()
                .filter(agent -> agent.id().isHosts())
                .map(agent -> agent.id() + " " + agent.revision()))
        .toList();
  }

  private static void requireGivenOut(long committed, JournalState state) throws WireException {
    if (committed < 0 || committed > state.lastNumber()) {
      throw new WireException(
          "committedNumber: "
              + Long.toUnsignedString(committed)
              + " (expected: at most "
              + state.lastNumber()
              + ")");
    }
  }

  private SessionEnd serve(
      ManagedChannel channel,
      EasyAgentServiceBlockingStub stub,
      ServerAddress address,
      Registered registered,
      List<String> told,
      Iterator<ControlResponse> commands)
      throws InterruptedException {
    long epoch = registered.opened().epoch();
    ReportCalls calls = new ReportCalls(channel, headers, epoch);
    AtomicReference<Optional<SessionEnd>> first = new AtomicReference<>(Optional.empty());
    Thread sender =
        Thread.ofVirtual()
            .name("outbox")
            .start(
                () -> end(first, channel, new OutboxSender(journal, calls, outboxChanged).run()));
    Thread metrics =
        Thread.ofVirtual()
            .name("metrics")
            .start(new MetricsSender(host, calls, clock, registered.metricsInterval()));
    Wakeup over = new Wakeup();
    Thread renewing =
        Thread.ofVirtual()
            .name("renewal")
            .start(renewal.duringSession(stub, epoch, over, end -> end(first, channel, end)));
    Thread watch =
        Thread.ofVirtual()
            .name("conditions")
            .start(
                new ConditionsWatch(
                    () -> told(host.conditions()),
                    told,
                    registered.metricsInterval(),
                    end -> end(first, channel, end)));
    LogUploads uploads = logs.during(new CurrentSession.Live(address, epoch));
    try {
      CommandIntake intake =
          new CommandIntake(journal, operations, calls, uploads, registered, clock);
      while (commands.hasNext()) {
        Optional<SessionEnd> end = intake.accept(commands.next());
        if (end.isPresent()) {
          return end.get();
        }
      }
      return first.get().orElse(new SessionEnd.Broken("the server ended the session", false));
    } catch (StatusRuntimeException failure) {
      return first.get().orElse(renewal.broken(failure));
    } finally {
      // Nothing of this session may act in the next one.
      channel.shutdownNow();
      sender.interrupt();
      metrics.interrupt();
      over.signal();
      watch.interrupt();
      uploads.close();
      sender.join();
      metrics.join();
      renewing.join();
      watch.join();
    }
  }

  private static void end(
      AtomicReference<Optional<SessionEnd>> first, ManagedChannel channel, SessionEnd end) {
    first.updateAndGet(before -> before.isPresent() ? before : Optional.of(end));
    channel.shutdownNow();
  }
}
