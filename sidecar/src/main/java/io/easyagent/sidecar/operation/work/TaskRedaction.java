package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import java.util.Arrays;

/** The end of a task without the values of secrets: what is journalled and leaves the host. */
final class TaskRedaction {
  private TaskRedaction() {}

  static TaskEnd redacted(TaskEnd end, Redaction redaction) {
    return new TaskEnd(
        redacted(end.processEnd(), redaction),
        end.timedOut(),
        end.cancelled(),
        redacted(end.output(), redaction));
  }

  private static ProcessEnd redacted(ProcessEnd end, Redaction redaction) {
    return switch (end) {
      case ProcessEnd.Exited exited -> exited;
      case ProcessEnd.Signalled signalled -> signalled;
      case ProcessEnd.OutOfMemory killed -> killed;
      case ProcessEnd.Unknown(String reason) -> new ProcessEnd.Unknown(redaction.redact(reason));
      case ProcessEnd.NotStarted(String reason) ->
          new ProcessEnd.NotStarted(redaction.redact(reason));
    };
  }

  /** A value may go through the place where head and tail meet, or be cut by what was dropped. */
  static Output redacted(Output output, Redaction redaction) {
    int kept = output.head().length + output.tail().length;
    if (output.totalBytes() > kept) {
      byte[] head = redaction.redact(output.head(), false, true);
      byte[] tail = redaction.redact(output.tail(), true, false);
      return new Output(head, tail, output.totalBytes() - kept + head.length + tail.length);
    }
    byte[] whole = Arrays.copyOf(output.head(), kept);
    System.arraycopy(output.tail(), 0, whole, output.head().length, output.tail().length);
    byte[] redacted = redaction.redact(whole, false, false);
    int head = Math.min(output.head().length, redacted.length);
    return new Output(
        Arrays.copyOf(redacted, head),
        Arrays.copyOfRange(redacted, head, redacted.length),
        redacted.length);
  }
}
