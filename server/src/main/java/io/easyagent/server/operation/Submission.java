package io.easyagent.server.operation;

import io.easyagent.server.problem.Refusal;

/** What became of a {@link NewBatch}. */
public sealed interface Submission {
  /** Stored, and on disk. */
  record Accepted(Batch batch) implements Submission {}

  /** The same idempotency key and body were accepted before: this is their batch as it is now. */
  record AcceptedBefore(Batch batch) implements Submission {}

  /** Nothing was stored. */
  record Refused(Refusal refusal) implements Submission {}
}
