package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.process.ProcessEnd;
import java.util.Optional;
import java.util.OptionalLong;

/** An end as one line of text. */
final class EndCodec {
  private EndCodec() {}

  static String encode(ProcessEnd end) {
    return switch (end) {
      case ProcessEnd.Exited(int status) -> "exited\t" + status + "\n";
      case ProcessEnd.Signalled(int signal) -> "signalled\t" + signal + "\n";
      case ProcessEnd.Unknown(String reason) -> "unknown\t" + oneLine(reason) + "\n";
      case ProcessEnd.NotStarted(String reason) -> "not-started\t" + oneLine(reason) + "\n";
      case ProcessEnd.OutOfMemory(OptionalLong limit) ->
          "out-of-memory\t" + (limit.isPresent() ? limit.getAsLong() : "") + "\n";
    };
  }

  /** Empty when the text is not a whole line. */
  static Optional<ProcessEnd> decode(String text) {
    String[] fields = text.split("\t", 2);
    if (fields.length != 2 || !text.endsWith("\n")) {
      return Optional.empty();
    }
    String value = fields[1].substring(0, fields[1].length() - 1);
    try {
      return switch (fields[0]) {
        case "exited" -> Optional.of(new ProcessEnd.Exited(Integer.parseInt(value)));
        case "signalled" -> Optional.of(new ProcessEnd.Signalled(Integer.parseInt(value)));
        case "unknown" -> Optional.of(new ProcessEnd.Unknown(value));
        case "not-started" -> Optional.of(new ProcessEnd.NotStarted(value));
        case "out-of-memory" ->
            Optional.of(
                new ProcessEnd.OutOfMemory(
                    value.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(value))));
        default -> Optional.empty();
      };
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ').replace('\r', ' ');
  }
}
