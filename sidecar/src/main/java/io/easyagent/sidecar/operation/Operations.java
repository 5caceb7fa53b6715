package io.easyagent.sidecar.operation;

import java.util.Set;

/** Takes commands and works on them. Thread-safe. */
public interface Operations {

  /**
   * Journals a command and begins to work on it. Returns once it is on disk. A command that is
   * known already is never run again: when it has ended, its stored result is reported again.
   */
  Intake take(TakenCommand command);

  /**
   * Cancels an operation that waits or runs; its result tells whether that came in time. Unknown
   * ids are ignored.
   */
  void cancel(OperationId operation);

  /**
   * The server has the host's inventory, and these of its operations it holds ended, or does not
   * know. What was taken in an earlier life of the sidecar and not begun waits for this: on a disk
   * that was restored it may have run already, and is then dropped; the rest begins.
   */
  void agreed(Set<OperationId> over);

  /** What became of an offered command. */
  sealed interface Intake {
    record Taken() implements Intake {}

    record KnownAlready() implements Intake {}

    /**
     * It has not run and never will. Its end, FAILED with this reason, is on disk and will be
     * reported as every other.
     */
    record Failed(String reason) implements Intake {}

    /**
     * Nothing was journalled: the journal cannot be written, the sidecar is ending, or the id is
     * known with another digest. The server keeps it as sent until the next inventory, and learns
     * the reason from the session.
     */
    record Refused(String reason) implements Intake {}
  }
}
