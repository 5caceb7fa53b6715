package io.easyagent.server.telemetry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lists of names, each kept once: ten thousand hosts that report the same figures share their
 * names. Thread-safe; never blocks.
 */
final class FigureNames {
  /** Hosts choose their names: beyond this each keeps its own. */
  private static final int MOST = 1024;

  private final Map<List<String>, List<String>> known = new ConcurrentHashMap<>();

  /** An equal list. */
  List<String> shared(List<String> names) {
    List<String> found = known.get(names);
    if (found != null) {
      return found;
    }
    List<String> own = List.copyOf(names);
    if (known.size() >= MOST) {
      return own;
    }
    List<String> before = known.putIfAbsent(own, own);
    return before == null ? own : before;
  }
}
