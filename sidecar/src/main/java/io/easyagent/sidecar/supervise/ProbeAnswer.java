package io.easyagent.sidecar.supervise;

/** What came of asking a process whether it is well. */
sealed interface ProbeAnswer {
  ProbeAnswer WELL = new Well();

  record Well() implements ProbeAnswer {}

  record NotWell(String why) implements ProbeAnswer {}

  /**
   * Nothing is known of the process: the host's own rules forbid to ask, or the host or the sidecar
   * had not what it takes to ask in time.
   */
  record NotAsked(String why) implements ProbeAnswer {}
}
