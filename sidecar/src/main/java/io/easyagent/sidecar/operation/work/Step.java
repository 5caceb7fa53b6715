package io.easyagent.sidecar.operation.work;

/**
 * One step of an operation. It is journalled before it runs, and runs again when the sidecar died
 * meanwhile, so it is idempotent or finds what it did the last time.
 */
interface Step {

  /** A stable word: it is journalled. */
  String name();

  /** For an operator, while it runs: {@code cancelled while <doing>}. */
  String doing();

  /** Whether the operation may be left as it is before this step. */
  default boolean mayStopBefore() {
    return true;
  }

  /**
   * Expected refusals are a {@link Progress} or an exception of {@code prepare}, whose message
   * becomes the result's.
   */
  Progress run(StepContext context) throws Exception;

  /** Clears what was kept only to find it again, once the journal is past this step. Idempotent. */
  default void settle(StepContext context) throws Exception {}
}
