package io.easyagent.server.operation;

import io.easyagent.server.fleet.HostId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open at this server: one for each host at most. Thread-safe. */
public final class HostLinks {
  private final Map<HostId, HostLink> links = new ConcurrentHashMap<>();

  public Optional<HostLink> find(HostId host) {
    return Optional.ofNullable(links.get(host));
  }

  /** Puts the link in place; the one that it replaced. */
  public Optional<HostLink> put(HostLink link) {
    return Optional.ofNullable(links.put(link.host(), link));
  }

  /** Removes the link, unless another has replaced it. */
  public boolean remove(HostLink link) {
    return links.remove(link.host(), link);
  }

  public Collection<HostLink> all() {
    return List.copyOf(links.values());
  }

  public Collection<HostId> hosts() {
    return List.copyOf(links.keySet());
  }

  public int count() {
    return links.size();
  }
}
