package io.easyagent.acceptance.chaos;

/** A bug that is put in on purpose: the campaign must fail with it, or it proves nothing. */
public enum Bug {
  NONE,
  /** At its start the sidecar does not know any more which commands it has taken. */
  FORGETS_COMMANDS,
  /** At its start the sidecar has no record of what commands it has launched. */
  FORGETS_TASKS,
  /** At its start the sidecar has no record of which agents it has launched. */
  FORGETS_AGENTS,
  /** At its start the sidecar ends what it finds running. */
  ENDS_AGENTS
}
