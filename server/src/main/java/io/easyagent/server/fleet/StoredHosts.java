package io.easyagent.server.fleet;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Writer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Hosts in the store. */
public final class StoredHosts implements Hosts {
  private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f][0-9a-f-]{3,35}");
  private static final int MOST_CANDIDATES = 10;

  private final HostStore store;
  private final Reader reader;
  private final Writer writer;
  private final InstantSource clock;
  private final List<HostRemoval> removals;

  /**
   * @param removals what other features do when a host goes, in this order
   */
  public StoredHosts(
      HostStore store,
      Reader reader,
      Writer writer,
      InstantSource clock,
      List<HostRemoval> removals) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.clock = clock;
    this.removals = List.copyOf(removals);
  }

  @Override
  public Optional<Host> find(HostId id) {
    return reader.read(transaction -> store.find(transaction, id));
  }

  @Override
  public HostMatch match(String reference) {
    return reader.read(transaction -> {
      List<Host> found = store.findByName(transaction, reference, MOST_CANDIDATES);
      if (found.isEmpty() && ID_PREFIX.matcher(reference).matches()) {
        found = store.findByIdPrefix(transaction, reference, MOST_CANDIDATES);
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
    return reader.read(transaction -> store.page(transaction, query, request));
  }

  @Override
  public List<HostId> select(Selector selector) {
    return reader.read(transaction ->
        store.select(transaction, new HostQuery(Optional.of(selector), Optional.empty())));
  }

  @Override
  public List<HostId> all() {
    return reader.read(transaction -> store.select(transaction, HostQuery.ALL));
  }

  @Override
  public Map<HostStatus, Long> counts() {
    return reader.read(store::counts);
  }

  @Override
  public Optional<Host> changeLabels(HostId id, LabelChange change) {
    return writer.write(transaction -> {
      Optional<Host> host = store.find(transaction, id);
      if (host.isEmpty()) {
        return host;
      }
      Map<String, String> labels = new HashMap<>(host.get().labels());
      labels.keySet().removeAll(change.remove());
      labels.putAll(change.set());
      Labels.check(labels);
      store.putLabels(transaction, id, labels);
      return store.find(transaction, id);
    });
  }

  @Override
  public boolean remove(HostId id) {
    return writer.write(transaction -> {
      if (store.find(transaction, id).isEmpty()) {
        return false;
      }
      removals.forEach(removal -> removal.removing(transaction, id));
      return store.delete(transaction, id);
    });
  }

  @Override
  public boolean approve(HostId id) {
    return writer.write(transaction -> store.approve(transaction, id, clock.instant()));
  }
}
