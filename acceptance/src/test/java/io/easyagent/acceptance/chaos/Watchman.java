package io.easyagent.acceptance.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks, again and again, whether the agents that say they run are there. */
final class Watchman {
  private final Witness witness;
  private final Time time;
  private final List<String> hosts;
  private final List<String> agents;
  private final Map<Testimony, History.Missing> missing = new LinkedHashMap<>();

  Watchman(Witness witness, Time time, List<String> hosts, List<String> agents) {
    this.witness = witness;
    this.time = time;
    this.hosts = hosts;
    this.agents = agents;
  }

  synchronized List<History.Missing> missing() {
    return new ArrayList<>(missing.values());
  }

  /** An agent says that it stops before it ends: who ended without a word was ended. */
  synchronized void look() {
    for (String host : hosts) {
      for (String agent : agents) {
        Optional<Testimony> before = witness.last(host, agent);
        if (before.isPresent()
            && before.get().word() == Testimony.Word.started
            && !runs(before.get().pid())
            && witness.last(host, agent).equals(before)) {
          missing.putIfAbsent(before.get(), new History.Missing(host, before.get(), time.now()));
        }
      }
    }
  }

  /** A zombie has ended; its keeper may hold it for a while. */
  private static boolean runs(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException gone) {
      return false;
    }
  }
}
