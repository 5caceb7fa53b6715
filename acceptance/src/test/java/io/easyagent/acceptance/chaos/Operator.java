package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Order.End;
import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.Operation;
import io.easyagent.api.Targets;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.IdempotencyKey;
import io.easyagent.api.client.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Gives orders and hears what becomes of them; every word goes into the ledger. */
final class Operator {
  private static final int NOT_FOUND = 404;
  private static final int SERVER_FAULT = 500;
  private static final Duration ASK_AGAIN = Duration.ofMillis(60);
  private static final Duration ASK_AT_LEAST_EVERY = Duration.ofMillis(250);

  private final EasyAgentClient client;
  private final Witness witness;
  private final Ledger ledger;
  private final Time time;

  /**
   * Held for writing while the server is being restored: an order that was accepted and not
   * answered could not be told from a new one by a server that has forgotten its key.
   */
  private final ReadWriteLock gate = new ReentrantReadWriteLock(true);

  private volatile boolean gaveUp;

  Operator(EasyAgentClient client, Witness witness, Ledger ledger, Time time) {
    this.client = client;
    this.witness = witness;
    this.ledger = ledger;
    this.time = time;
  }

  ReadWriteLock gate() {
    return gate;
  }

  /** Nobody waits for anything any more. */
  void giveUp() {
    gaveUp = true;
  }

  /** The server refused an order for what it says. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String said) {
      super(said);
    }
  }

  /**
   * Submits, again with the same key for as long as no answer comes or the server cannot for now.
   *
   * @return the batch
   * @throws RefusedException when the server will not
   */
  UUID order(List<String> hosts, Command command, Deed deed, String timeout)
      throws RefusedException {
    BatchRequest request =
        new BatchRequest(
            command,
            new Targets(Optional.of(hosts), Optional.empty(), Optional.empty()),
            Optional.of(timeout),
            Optional.empty());
    gate.readLock().lock();
    try {
      Map<String, Integer> from = new HashMap<>();
      hosts.forEach(host -> from.put(host, witness.count(host)));
      Duration submitted = time.now();
      Batch batch = submit(request);
      Duration accepted = time.now();
      for (String host : hosts) {
        ledger.accepted(
            new Order(batch.id(), host, deed, submitted, accepted, from.get(host), List.of()));
      }
      return batch.id();
    } finally {
      gate.readLock().unlock();
    }
  }

  private Batch submit(BatchRequest request) throws RefusedException {
    IdempotencyKey key = IdempotencyKey.random();
    while (true) {
      try {
        return client.submit(request, key);
      } catch (ConnectionException noAnswer) {
        pauseUnlessGivenUp();
      } catch (ProblemException problem) {
        if (!problem.problem().retryable() && problem.problem().status() < SERVER_FAULT) {
          throw new RefusedException(problem.getMessage());
        }
        ledger.refused();
        pauseUnlessGivenUp();
      }
    }
  }

  private void pauseUnlessGivenUp() throws RefusedException {
    if (gaveUp) {
      throw new RefusedException("no answer for too long");
    }
    time.pass(ASK_AGAIN);
  }

  /** Returns once the order of each host has ended, or it was given up. */
  void await(UUID batch, List<String> hosts) {
    Duration wait = ASK_AGAIN;
    while (!gaveUp && hosts.stream().anyMatch(host -> ledger.require(batch, host).isOpen())) {
      time.pass(wait);
      wait = wait.multipliedBy(3).dividedBy(2);
      wait = wait.compareTo(ASK_AT_LEAST_EVERY) < 0 ? wait : ASK_AT_LEAST_EVERY;
      boolean unused = hear(batch, hosts);
    }
  }

  /** Asks once; false when there was no answer. */
  boolean hear(UUID batch, List<String> hosts) {
    try {
      for (Operation operation : client.operationsOf(batch.toString(), Optional.empty())) {
        if (operation.state().finished()) {
          ledger.ended(
              batch,
              operation.hostName(),
              new End(
                  Optional.of(operation.state()),
                  operation.message(),
                  operation.exitStatus(),
                  time.now(),
                  witness.count(operation.hostName())));
        }
      }
      return true;
    } catch (ProblemException problem) {
      if (problem.problem().status() != NOT_FOUND) {
        return false;
      }
      for (String host : hosts) {
        ledger.ended(
            batch,
            host,
            new End(
                Optional.empty(),
                problem.getMessage(),
                Optional.empty(),
                time.now(),
                witness.count(host)));
      }
      return true;
    } catch (ClientException noAnswer) {
      return false;
    }
  }

  void cancel(UUID batch, List<String> hosts) {
    hosts.forEach(host -> ledger.askedToCancel(batch, host));
    try {
      Batch unused = client.cancelBatch(batch.toString());
    } catch (ClientException notNow) {
      // It was only asked for; it may as well end by itself.
    }
  }
}
