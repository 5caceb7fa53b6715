package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.SecretNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Operations that the host itself begins, for agents that are defined on it: the same as a
 * server's, in the journal before anything is done for them and taken up by the next life of the
 * sidecar. Only their ends are told to nobody but who waits here.
 */
public final class OwnOperations {
  /** Longer than a start may take. */
  private static final Duration TIME = Duration.ofHours(2);

  /** An end that will not come any more is noticed this soon. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** Those of servers are random; nobody asks for this one. */
  private static final String NO_GENERATION = "00";

  private static final String NO_DIGEST = "00".repeat(32);

  private final JournalledOperations operations;
  private final Workbench bench;
  private final String hostName;

  public OwnOperations(JournalledOperations operations, Workbench bench, String hostName) {
    this.operations = operations;
    this.bench = bench;
    this.hostName = hostName;
  }

  /** Why a definition cannot work on this host, in one line; nothing is changed. */
  public Optional<String> fault(AgentId agent, AgentDefinition definition) {
    if (!SecretNames.of(definition).isEmpty()) {
      return Optional.of(
          "{{secret."
              + SecretNames.of(definition).iterator().next()
              + "}} (expected: no secret: they are the server's)");
    }
    try {
      bench.accounts().require(definition.user());
      bench
          .plans()
          .check(
              definition, bench.variables().withoutSecrets(agent, definition, hostName, Map.of()));
      return Optional.empty();
    } catch (PrepareException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  /**
   * Does it when its turn among the operations of its agent has come, and returns when that is
   * over.
   *
   * @return empty when the sidecar ends first: its next life goes on with what was begun
   */
  public Optional<OperationResult> run(Command.ForAgent command) {
    return await(
        operations.takeOwn(
            new TakenCommand(
                OperationId.ofHost(UUID.randomUUID()),
                NO_DIGEST,
                NO_GENERATION,
                TIME,
                bench.time().now(),
                hostName,
                Map.of(),
                command)));
  }

  /**
   * Returns when the last of what an earlier life has begun is over.
   *
   * @return false when the sidecar ends first
   */
  public boolean awaitEarlier() {
    return operations.endsOfOwn().stream().allMatch(end -> await(end).isPresent());
  }

  private Optional<OperationResult> await(CompletableFuture<OperationResult> end) {
    while (true) {
      try {
        return Optional.of(end.get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException busy) {
        if (operations.isClosed()) {
          return Optional.empty();
        }
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible.getCause());
      } catch (InterruptedException ending) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }
}
