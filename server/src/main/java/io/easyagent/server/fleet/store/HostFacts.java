package io.easyagent.server.fleet.store;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.IdLists;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Some facts of many hosts. */
final class HostFacts {
  private HostFacts() {}

  /**
   * @param names at least one
   */
  static Map<HostId, Map<String, String>> of(
      Handle handle, Collection<HostId> ids, Set<String> names) {
    Map<HostId, Map<String, String>> found = new HashMap<>();
    for (List<String> some : IdLists.of(ids)) {
      handle
          .createQuery(
              "SELECT host_id, name, value FROM host_fact"
                  + " WHERE host_id IN (<ids>) AND name IN (<names>)")
          .bindList("ids", some)
          .bindList("names", List.copyOf(names))
          .map((row, context) -> List.of(row.getString(1), row.getString(2), row.getString(3)))
          .forEach(row ->
              found
                  .computeIfAbsent(HostId.of(row.get(0)), _ -> new HashMap<>())
                  .put(row.get(1), row.get(2)));
    }
    return found;
  }
}
