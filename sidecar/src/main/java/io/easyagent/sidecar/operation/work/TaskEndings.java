package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.process.Causes;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.LastWords;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the end of a task means for its operation. */
final class TaskEndings {
  private TaskEndings() {}

  /**
   * @param prefix of the message, for example {@code install script: }; may be empty
   */
  static Ending of(TaskEnd end, String prefix) {
    if (end.cancelled()) {
      return ending(Verdict.STOPPED, end, prefix + "it ran; its processes were killed");
    }
    if (end.timedOut()) {
      return ending(Verdict.FAILED, end, prefix + "deadline passed; its processes were killed");
    }
    return switch (end.processEnd()) {
      case ProcessEnd.Exited(int status) ->
          ending(status == 0 ? Verdict.SUCCEEDED : Verdict.FAILED, end, prefix + "exit " + status);
      case ProcessEnd.Signalled(int signal) ->
          ending(Verdict.FAILED, end, prefix + "ended by signal " + signal);
      case ProcessEnd.OutOfMemory(var limit) ->
          ending(Verdict.FAILED, end, prefix + Causes.outOfMemory(limit));
      case ProcessEnd.Unknown(String reason) -> ending(Verdict.INTERRUPTED, end, prefix + reason);
      case ProcessEnd.NotStarted(String reason) ->
          ending(Verdict.FAILED, end, prefix + "not started: " + reason);
    };
  }

  /** The same with the end of the output, for commands that somebody defined earlier. */
  static Ending withOutput(TaskEnd end, String prefix) {
    Ending ending = of(end, prefix);
    String shown = shown(end.output());
    return shown.isEmpty()
        ? ending
        : new Ending(
            ending.verdict(),
            ending.message() + ": " + shown,
            ending.processEnd(),
            ending.output());
  }

  private static Ending ending(Verdict verdict, TaskEnd end, String message) {
    return new Ending(verdict, message, Optional.of(end.processEnd()), end.output());
  }

  private static String shown(Output output) {
    byte[] end = output.tail().length > 0 ? output.tail() : output.head();
    return LastWords.of(new String(end, StandardCharsets.UTF_8));
  }
}
