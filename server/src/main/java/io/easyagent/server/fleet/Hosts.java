package io.easyagent.server.fleet;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and changes hosts. Methods wait for the store: call them on virtual threads. */
public interface Hosts {

  Optional<Host> find(HostId id);

  /** A host by id, by an id prefix of at least four characters, or by name. */
  HostMatch match(String reference);

  /** Sorted by name, then id. */
  Page<Host> page(HostQuery query, PageRequest request);

  /** Every host that the selector matches, sorted by name, then id. */
  List<HostId> select(Selector selector);

  /** Every host. */
  List<HostId> all();

  /** Those of the hosts that there are, in the order of the ids. */
  List<HostBrief> briefs(List<HostId> ids);

  /**
   * What the hosts have said of themselves; hosts that have said nothing of it are absent.
   *
   * @param names of facts, at least one
   */
  Map<HostId, Map<String, String>> facts(List<HostId> ids, Set<String> names);

  /** How many hosts there are with each status; statuses without any are absent. */
  Map<HostStatus, Long> counts();

  /**
   * Changes labels; empty for an unknown host.
   *
   * @param alongside done in the same transaction, when there is such a host
   * @throws io.easyagent.server.problem.RefusedException BAD_REQUEST for a name or value that is no
   *     label, or more than 64 labels; FORBIDDEN for a reserved one
   */
  Optional<Host> changeLabels(HostId id, LabelChange change, Writer.Action alongside);

  /**
   * Removes a host for good: its certificates are revoked, its open session is closed within a
   * second, its QUEUED operations end CANCELLED and its SENT and RUNNING ones INTERRUPTED. False
   * for an unknown host.
   *
   * @param alongside done in the same transaction, when there is such a host
   */
  boolean remove(HostId id, Writer.Action alongside);
}
