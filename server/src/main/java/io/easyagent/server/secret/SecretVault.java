package io.easyagent.server.secret;

import io.easyagent.definition.Names;
import io.easyagent.definition.Nearest;
import io.easyagent.definition.SecretReferences;
import io.easyagent.definition.Shown;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.agent.SecretUse;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets of the fleet. A value comes in once and is sealed; it goes out only to the host of an
 * agent that is defined to use it and may. Methods wait for the store: call them on virtual
 * threads.
 */
public final class SecretVault implements SecretUse {
  private static final Logger log = LoggerFactory.getLogger(SecretVault.class);

  private final SecretStore store;
  private final AgentStore agents;
  private final SecretCipher cipher;
  private final Reader reader;
  private final Writer writer;
  private final Audit audit;
  private final InstantSource clock;

  /** Says so when there are values whose key is gone; what needs them will fail by itself. */
  public SecretVault(
      SecretStore store,
      AgentStore agents,
      SecretKeys keys,
      Reader reader,
      Writer writer,
      Audit audit,
      SecureRandom random,
      InstantSource clock) {
    this.store = store;
    this.agents = agents;
    this.cipher = new SecretCipher(keys, random);
    this.reader = reader;
    this.writer = writer;
    this.audit = audit;
    this.clock = clock;
    for (String key : reader.read(store::keys)) {
      if (keys.find(key).isEmpty()) {
        log.error(
            "secrets are sealed with a key that is not in secret.key key={}: bring the file back,"
                + " or set those secrets again",
            key);
      }
    }
  }

  /** What became of a {@link #set}. */
  public record Put(Secret secret, boolean created) {}

  /**
   * A value on its way to a host.
   *
   * @param version of the value
   */
  public record Delivery(String name, long version, SecretValue value) {}

  /**
   * Stores a value, sealed; the act is in the audit log, the value is not.
   *
   * @param grant empty: as before
   * @throws RefusedException BAD_REQUEST for a name that is none, or a new secret without a grant
   */
  public Put set(
      String name, SecretValue value, Optional<SecretGrant> grant, AuditEntry.Origin origin) {
    if (!Names.isName(name)) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "name: " + Shown.of(name) + " (expected: " + Names.EXPECTED_NAME + ")");
    }
    Writer.Work<Put> work =
        transaction -> {
          Optional<SecretStore.Row> before = store.find(transaction, name);
          SecretGrant granted =
              grant
                  .or(() -> before.map(SecretStore.Row::grant))
                  .orElseThrow(() ->
                      new RefusedException(
                          ErrorCode.BAD_REQUEST,
                          "agents: missing (expected with a new secret: the agents that may use"
                              + " it, or all)"));
          long version = before.map(SecretStore.Row::version).orElse(0L) + 1;
          SecretStore.Row row =
              new SecretStore.Row(
                  name,
                  version,
                  granted,
                  cipher.seal(name, version, value),
                  clock.instant().truncatedTo(ChronoUnit.MILLIS),
                  origin.actor());
          store.put(transaction, row);
          audit.append(
              transaction,
              origin,
              new AuditEntry.Act(
                  "secret.set", name + " version " + version + " for " + granted.shown(), 0));
          return new Put(shown(transaction, row), before.isEmpty());
        };
    return writer.write(work);
  }

  private Secret shown(Transaction transaction, SecretStore.Row row) {
    long held = agents.countHolding(transaction, row.name());
    return new Secret(
        row.name(), row.version(), row.grant(), row.updatedAt(), row.updatedBy(), held, held);
  }

  /** Sorted by name. */
  public Page<Secret> page(PageRequest request) {
    return reader.read(transaction -> store.page(transaction, request));
  }

  /**
   * Removes a secret. False when there is none.
   *
   * @throws RefusedException CONFLICT while an agent has its value
   */
  public boolean remove(String name, AuditEntry.Origin origin) {
    Writer.Work<Boolean> work =
        transaction -> {
          long holders = agents.countHolding(transaction, name);
          if (holders > 0) {
            throw new RefusedException(
                ErrorCode.CONFLICT,
                "secret %s is used by %d agents (expected: none; configure them without it first)"
                    .formatted(name, holders));
          }
          if (!store.delete(transaction, name)) {
            return false;
          }
          audit.append(transaction, origin, new AuditEntry.Act("secret.remove", name, 0));
          return true;
        };
    return writer.write(work);
  }

  @Override
  public Map<String, String> refusals(String agent, Set<String> secrets) {
    if (secrets.isEmpty()) {
      return Map.of();
    }
    return reader.read(transaction -> refusals(transaction, agent, secrets));
  }

  private Map<String, String> refusals(Transaction transaction, String agent, Set<String> secrets) {
    Map<String, SecretStore.Row> found = new HashMap<>();
    store.find(transaction, secrets).forEach(row -> found.put(row.name(), row));
    Map<String, String> refusals = new HashMap<>();
    for (String secret : secrets) {
      SecretStore.Row row = found.get(secret);
      if (row == null) {
        refusals.put(
            secret,
            "there is no secret "
                + Shown.of(secret)
                + Nearest.find(secret, store.names(transaction))
                    .map(nearest -> " (did you mean " + nearest + "?)")
                    .orElse(" (see: easyagent secret list)"));
      } else if (!row.grant().permits(agent)) {
        refusals.put(
            secret,
            "secret %s may not be used by agent %s (expected: an agent that it was set for; see: easyagent secret list)"
                .formatted(secret, agent));
      }
    }
    return refusals;
  }

  /**
   * The values that a host asks for. What it was given is remembered, so that a value that is set
   * anew shows as drift.
   *
   * @throws RefusedException NOT_FOUND for an agent that is not on that very host; FORBIDDEN for a
   *     name that the agent's definition does not say, or that it may not use
   */
  public List<Delivery> deliver(HostId host, AgentId id, List<String> names) {
    Set<String> wanted = new TreeSet<>(names);
    Answer answer = reader.read(transaction -> read(transaction, host, id, wanted));
    Map<String, Long> versions = new HashMap<>();
    answer.deliveries().forEach(delivery -> versions.put(delivery.name(), delivery.version()));
    writer.run(transaction -> {
      // A definition that was changed meanwhile asks anew.
      if (agents
          .find(transaction, id)
          .filter(now -> now.revision() == answer.revision())
          .isPresent()) {
        agents.putSecrets(transaction, id, versions);
      }
    });
    log.info("secrets handed out host={} agent={} names={}", host, id, wanted);
    return answer.deliveries();
  }

  private record Answer(long revision, List<Delivery> deliveries) {}

  private Answer read(Transaction transaction, HostId host, AgentId id, Set<String> wanted) {
    Agent agent =
        agents
            .find(transaction, id)
            .filter(found -> found.host().equals(host))
            .orElseThrow(() ->
                new RefusedException(ErrorCode.NOT_FOUND, "no agent " + id + " on this host"));
    Set<String> defined =
        SecretReferences.names(StoredDefinition.of(agent.definition()).definition());
    for (String name : wanted) {
      if (!defined.contains(name)) {
        throw new RefusedException(
            ErrorCode.FORBIDDEN,
            "secret %s is not in the definition of agent %s"
                .formatted(Shown.of(name), agent.name()));
      }
    }
    Map<String, String> refusals = refusals(transaction, agent.name(), wanted);
    if (!refusals.isEmpty()) {
      throw new RefusedException(ErrorCode.FORBIDDEN, refusals.values().iterator().next());
    }
    List<Delivery> deliveries =
        store.find(transaction, wanted).stream()
            .map(row ->
                new Delivery(
                    row.name(),
                    row.version(),
                    cipher.open(row.name(), row.version(), row.sealed())))
            .toList();
    return new Answer(agent.revision(), deliveries);
  }
}
