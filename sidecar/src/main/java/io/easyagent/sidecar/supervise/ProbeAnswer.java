package io.easyagent.sidecar.supervise;

/** What came of asking a process whether it is well. */
sealed interface ProbeAnswer {
  ProbeAnswer WELL = new Well();

  record Well() implements ProbeAnswer {}

  record NotWell(String why) implements ProbeAnswer {}

  /** The host's own rules forbid to ask: nothing is known of the process. */
  record NotAsked(String why) implements ProbeAnswer {}
}
