package io.easyagent.server.fleet;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Hosts in the store; those outside of the scope are unknown hosts. */
public final class StoredHosts implements Hosts, Scoped<Hosts> {
  private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f][0-9a-f-]{3,35}");
  private static final int MOST_CANDIDATES = 10;

  private final HostStore store;
  private final Reader reader;
  private final Writer writer;
  private final List<HostRemoval> removals;
  private final ReservedLabels reserved;
  private final Scope scope;

  /**
   * @param removals what other features do when a host goes, in this order
   * @param reserved labels that only some may change
   */
  public StoredHosts(
      HostStore store,
      Reader reader,
      Writer writer,
      List<HostRemoval> removals,
      ReservedLabels reserved) {
    this(store, reader, writer, List.copyOf(removals), reserved, Scope.ALL);
  }

  private StoredHosts(
      HostStore store,
      Reader reader,
      Writer writer,
      List<HostRemoval> removals,
      ReservedLabels reserved,
      Scope scope) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.removals = removals;
    this.reserved = reserved;
    this.scope = scope;
  }

  @Override
  public Hosts within(Scope narrower) {
    return new StoredHosts(store, reader, writer, removals, reserved, narrower);
  }

  @Override
  public Optional<Host> find(HostId id) {
    return reader.read(transaction -> find(transaction, id));
  }

  private Optional<Host> find(Transaction transaction, HostId id) {
    return store.among(transaction, scope, List.of(id)).isEmpty()
        ? Optional.empty()
        : store.find(transaction, id);
  }

  @Override
  public HostMatch match(String reference) {
    return reader.read(transaction -> {
      List<Host> found = store.findByName(transaction, scope, reference, MOST_CANDIDATES);
      if (found.isEmpty() && ID_PREFIX.matcher(reference).matches()) {
        found = store.findByIdPrefix(transaction, scope, reference, MOST_CANDIDATES);
      }
      return switch (found.size()) {
        case 0 -> new HostMatch.Missing();
        case 1 -> new HostMatch.Found(found.getFirst());
        default -> new HostMatch.Ambiguous(found);
      };
    });
  }

  @Override
  public Page<Host> page(HostQuery query, PageRequest request) {
    HostQuery narrowed = new HostQuery(scope.narrow(query.selector()), query.name());
    return reader.read(transaction -> store.page(transaction, narrowed, request));
  }

  @Override
  public List<HostId> select(Selector selector) {
    return select(Optional.of(selector));
  }

  @Override
  public List<HostId> all() {
    return select(Optional.empty());
  }

  private List<HostId> select(Optional<Selector> selector) {
    HostQuery narrowed = new HostQuery(scope.narrow(selector), Optional.empty());
    return reader.read(transaction -> store.select(transaction, narrowed));
  }

  @Override
  public List<HostBrief> briefs(List<HostId> ids) {
    return reader.read(transaction -> {
      Set<HostId> known = store.among(transaction, scope, ids);
      Map<HostId, HostBrief> found = store.briefs(transaction, known);
      return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    });
  }

  @Override
  public Map<HostId, Map<String, String>> facts(List<HostId> ids, Set<String> names) {
    return reader.read(
        transaction -> store.facts(transaction, store.among(transaction, scope, ids), names));
  }

  @Override
  public Map<HostStatus, Long> counts() {
    return reader.read(store::counts);
  }

  @Override
  public Optional<Host> changeLabels(HostId id, LabelChange change, Writer.Action alongside) {
    return writer.write(transaction -> {
      Optional<Host> host = find(transaction, id);
      if (host.isEmpty()) {
        return host;
      }
      checkReserved(transaction, change);
      Map<String, String> labels = new HashMap<>(host.get().labels());
      labels.keySet().removeAll(change.remove());
      labels.putAll(change.set());
      Labels.check(labels);
      store.putLabels(transaction, id, labels);
      alongside.run(transaction);
      return store.find(transaction, id);
    });
  }

  /** A token's selector must not be widened by whoever may change labels. */
  private void checkReserved(Transaction transaction, LabelChange change) {
    if (scope.reservedLabels()) {
      return;
    }
    Set<String> names = new TreeSet<>(change.remove());
    names.addAll(change.set().keySet());
    names.retainAll(reserved.names(transaction));
    if (!names.isEmpty()) {
      throw new RefusedException(
          ErrorCode.FORBIDDEN,
          "label %s: a token's selector names it (expected: a token of an administrator)"
              .formatted(String.join(", ", names)));
    }
  }

  @Override
  public boolean remove(HostId id, Writer.Action alongside) {
    return writer.write(transaction -> {
      if (find(transaction, id).isEmpty()) {
        return false;
      }
      alongside.run(transaction);
      removals.forEach(removal -> removal.removing(transaction, id));
      return store.delete(transaction, id);
    });
  }
}
