package io.easyagent.server.fleet;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hosts as they are stored. Their sessions are in {@code session}. */
public interface HostStore {
  void insert(
      Transaction transaction,
      HostId id,
      String name,
      String machineId,
      Map<String, String> labels,
      Instant enrolledAt);

  Optional<Host> find(Transaction transaction, HostId id);

  /** Those of the hosts that are within the scope; a scope of every host holds unknown ones too. */
  Set<HostId> among(Transaction transaction, Scope scope, Collection<HostId> ids);

  /** At most that many, sorted by id. */
  List<Host> findByName(Transaction transaction, Scope scope, String name, int limit);

  /**
   * At most that many, sorted by id.
   *
   * @param prefix hexadecimal digits and dashes
   */
  List<Host> findByIdPrefix(Transaction transaction, Scope scope, String prefix, int limit);

  /** Sorted by name, then id. */
  Page<Host> page(Transaction transaction, HostQuery query, PageRequest request);

  /** Sorted by name, then id. */
  List<HostId> select(Transaction transaction, HostQuery query);

  /** Those of the hosts that there are. */
  Map<HostId, HostBrief> briefs(Transaction transaction, Collection<HostId> ids);

  /**
   * What the hosts have said of themselves; hosts that have said nothing of it are absent.
   *
   * @param names of facts, at least one
   */
  Map<HostId, Map<String, String>> facts(
      Transaction transaction, Collection<HostId> ids, Set<String> names);

  /** Statuses without any are absent. */
  Map<HostStatus, Long> counts(Transaction transaction);

  /** Replaces all labels. */
  void putLabels(Transaction transaction, HostId id, Map<String, String> labels);

  /**
   * The host awaits an operator's approval, for these reasons. Nothing of one that is online or
   * conflicted changes.
   */
  void awaitApproval(Transaction transaction, HostId id, List<String> conditions, Instant now);

  /** A pending host awaits no approval any more. */
  boolean approve(Transaction transaction, HostId id, Instant now);

  /** The host is short-lived: it goes by itself. */
  void markEphemeral(Transaction transaction, HostId id);

  /** Ephemeral hosts that are offline, or were never connected, since before the time. */
  List<HostId> ephemeralGoneSince(Transaction transaction, Instant time);

  /** With its labels, facts, agents and outbox positions. */
  boolean delete(Transaction transaction, HostId id);
}
