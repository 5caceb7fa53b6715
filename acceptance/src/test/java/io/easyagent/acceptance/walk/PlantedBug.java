package io.easyagent.acceptance.walk;

/** A bug that is put in on purpose: the walk must fail with it, or it proves nothing. */
public enum PlantedBug {
  NONE,
  /** The sidecar does not remember which commands it has seen. */
  NO_DEDUPLICATION,
  /** The server answers before its COMMIT. */
  ANSWER_BEFORE_COMMIT,
  /** The keeper is released before its launch is on record. */
  GO_BEFORE_RECORD
}
