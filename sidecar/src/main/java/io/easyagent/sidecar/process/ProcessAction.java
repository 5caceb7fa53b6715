package io.easyagent.sidecar.process;

/** What the machine asks of the world. Carried out in order. */
public sealed interface ProcessAction {
  /** Launch the main process; answered by {@code Launched} or {@code LaunchFailed}. */
  record Launch() implements ProcessAction {}

  /**
   * Launch a hook in the main process's place; answered as {@link Launch}. From its launch on it is
   * found again as what it is.
   */
  record LaunchHook(ProcessState.Due due) implements ProcessAction {}

  /** The stop signal of the definition, to the process's group. */
  record SendStopSignal(int pid) implements ProcessAction {}

  /** Kill everything of the tree; the end is heard of as {@code ProcessEnded}. */
  record KillTree() implements ProcessAction {}

  /** End what is left; answered by {@code TreeCleared} or {@code TreeRemained}. */
  record ClearTree() implements ProcessAction {}

  /**
   * Write down that nothing is to be started until a start is wanted, also by a later life of the
   * sidecar and after a boot. The next start, and {@link DropRecord}, undo it.
   */
  record Hold(String cause) implements ProcessAction {}

  /** Forget the launch: nothing of it is left, and it is not to be found again. */
  record DropRecord() implements ProcessAction {}

  /**
   * To those who wait for a start.
   *
   * @param pid 0 for a oneshot that has ended well
   */
  record ReportStarted(int pid) implements ProcessAction {}

  /** To those who wait for a start: its schedule is kept, and no run is in progress. */
  record ReportScheduled() implements ProcessAction {}

  record ReportAlreadyRunning(int pid) implements ProcessAction {}

  record ReportNotStarted(String cause) implements ProcessAction {}

  /** To those who wait for a stop. */
  record ReportStopped(boolean killed) implements ProcessAction {}

  record ReportAlreadyStopped() implements ProcessAction {}

  record ReportNotStopped(String cause) implements ProcessAction {}

  /** A plain event for people. */
  record Announce(Kind kind, String message) implements ProcessAction {}

  /**
   * What is announced is the end of the launch on record: told once, also where several lives of
   * the sidecar find it.
   */
  record AnnounceEnd(Announce told) implements ProcessAction {}

  /** The kinds of plain events; the word is stable. */
  enum Kind {
    STARTED("started"),
    EXITED("exited"),
    HOOK_FAILED("hook-failed"),
    UNHEALTHY("unhealthy"),
    HEALTHY("healthy"),
    BACKING_OFF("backing-off"),
    CRASH_LOOP("crash-loop"),
    ADOPTED("adopted"),
    RUN_FAILED("run-failed"),
    RUN_SKIPPED("run-skipped"),
    RUN_QUEUED("run-queued"),
    RUN_MISSED("run-missed");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
