package io.easyagent.sidecar.definitions;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.local.Reload;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.work.OwnOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * Brings this host's own agents to what its folder says, when it is told to: at the sidecar's start
 * and by whoever asks on the host. Thread-safe; one reading after another.
 */
public final class DefinedAgents implements Reload, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DefinedAgents.class.getName());

  /** More faults than these are counted, not told. */
  private static final int MOST_CONDITIONS = 16;

  private final DefinitionsFolder folder;
  private final Journal journal;
  private final OwnOperations operations;
  private final ReentrantLock reading = new ReentrantLock();
  private final Thread first;
  private volatile List<String> conditions = List.of();

  public DefinedAgents(DefinitionsFolder folder, Journal journal, OwnOperations operations) {
    this.folder = folder;
    this.journal = journal;
    this.operations = operations;
    this.first = Thread.ofVirtual().name("definitions").unstarted(() -> run(_ -> {}));
  }

  /** Reads the folder once, on a thread of its own; once, after operations were resumed. */
  public void begin() {
    first.start();
  }

  /** What is not as the folder says, one line each. */
  public List<String> conditions() {
    return conditions;
  }

  @Override
  public boolean run(Consumer<String> listener) {
    Consumer<String> progress =
        line -> {
          LOG.info("definitions: " + line);
          listener.accept(line);
        };
    if (!reading.tryLock()) {
      progress.accept("the folder is being read already; waiting for that");
      reading.lock();
    }
    try {
      // What an earlier life has begun may make an agent that the journal does not have yet.
      if (!operations.awaitEarlier()) {
        progress.accept("the sidecar ended first");
        return false;
      }
      return change(progress);
    } catch (ConfigurationException unusable) {
      conditions = List.of("definitions: agents are left as they are: " + unusable.getMessage());
      progress.accept(unusable.getMessage() + "; agents are left as they are");
      return false;
    } finally {
      reading.unlock();
    }
  }

  private boolean change(Consumer<String> progress) throws ConfigurationException {
    Changes changes =
        Changes.of(
            folder.read(),
            journal.state().agents().values(),
            operations::fault,
            () -> AgentId.ofHost(UUID.randomUUID()));
    List<String> wrong = new ArrayList<>();
    changes
        .faults()
        .forEach((name, faults) ->
            faults.forEach(fault -> wrong.add(folder.file(name) + ": " + fault + left(name))));
    wrong.forEach(progress);
    conditions = told(wrong);
    boolean all = wrong.isEmpty();
    for (Changes.Change change : changes.inOrder()) {
      Optional<OperationResult> result = operations.run(change.command());
      if (result.isEmpty()) {
        progress.accept("the sidecar ended first; its next start goes on");
        return false;
      }
      String line = change.name() + ": " + result.get().message();
      if (result.get().outcome() != Outcome.SUCCEEDED) {
        all = false;
        line = folder.file(change.name()) + ": " + result.get().message();
        if (!isInForce(change)) {
          wrong.add(line);
          conditions = told(wrong);
        }
      }
      progress.accept(line);
    }
    if (changes.inOrder().isEmpty() && all) {
      progress.accept("nothing has changed");
    }
    return all;
  }

  private String left(String name) {
    return find(name).isPresent() ? "; the agent is left as it is" : "; there is no agent yet";
  }

  /** An agent that is as it is defined, and does not start, says so itself. */
  private boolean isInForce(Changes.Change change) {
    return find(change.name()).map(AgentRecord::definition).equals(change.definition());
  }

  private Optional<AgentRecord> find(String name) {
    return journal.state().agents().values().stream()
        .filter(agent -> agent.definition().name().equals(name))
        .findFirst();
  }

  private static List<String> told(List<String> wrong) {
    List<String> told = new ArrayList<>();
    wrong.stream().limit(MOST_CONDITIONS).forEach(fault -> told.add("definitions: " + fault));
    if (wrong.size() > MOST_CONDITIONS) {
      told.add("definitions: " + (wrong.size() - MOST_CONDITIONS) + " more faults");
    }
    return List.copyOf(told);
  }

  /** What is under way is left to the next start. */
  @Override
  public void close() {
    first.interrupt();
  }
}
