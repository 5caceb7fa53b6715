package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is written of a launch before it is released: enough to find its processes again.
 *
 * @param launch in the environment of everything that was launched
 * @param bootId of the boot that the numbers belong to
 * @param program the name that the kernel gives the process once its program is reached
 * @param outputStart where its output begins: in all that the agent has ever written, or in a
 *     task's file
 * @param foreignUser whether it runs as another user than the sidecar
 */
record LaunchRecord(
    UUID launch,
    ProcessIdentity keeper,
    String bootId,
    String program,
    long outputStart,
    boolean foreignUser,
    LaunchPurpose purpose) {

  /** The form of main processes and tasks, which sidecars without hooks read too. */
  private static final String MAIN_FORM = "1";

  /** The form of hooks. */
  private static final String HOOK_FORM = "2";

  /** The variable that carries the launch's id. */
  static final String VARIABLE = "EASYAGENT_LAUNCH_ID";

  /** Of a main process or a task. */
  LaunchRecord(
      UUID launch,
      ProcessIdentity keeper,
      String bootId,
      String program,
      long outputStart,
      boolean foreignUser) {
    this(launch, keeper, bootId, program, outputStart, foreignUser, new LaunchPurpose.Main());
  }

  String assignment() {
    return VARIABLE + "=" + launch;
  }

  String encode() {
    return switch (purpose) {
      case LaunchPurpose.Main() -> head(MAIN_FORM) + "\t" + program + "\n";
      case LaunchPurpose.PreStart() -> hook("", "");
      case LaunchPurpose.PostStop(ProcessEnd after, boolean failed, String cause) -> {
        String line = EndCodec.encode(after);
        yield hook(line.substring(0, line.length() - 1), failed + "\t" + cause);
      }
    };
  }

  private String hook(String after, String verdict) {
    return String.join("\n", head(HOOK_FORM) + "\t" + purpose.phase(), after, verdict, program)
        + "\n";
  }

  private String head(String form) {
    return String.join(
        "\t",
        form,
        launch.toString(),
        Integer.toString(keeper.pid()),
        Long.toString(keeper.startTicks()),
        bootId,
        Long.toString(outputStart),
        Boolean.toString(foreignUser));
  }

  /** Empty when the text is not a whole record. */
  static Optional<LaunchRecord> decode(String text) {
    if (!text.endsWith("\n")) {
      return Optional.empty();
    }
    String whole = text.substring(0, text.length() - 1);
    try {
      return whole.startsWith(HOOK_FORM + "\t") ? decodeHook(whole) : decodeMain(whole);
    } catch (IllegalArgumentException notARecord) {
      return Optional.empty();
    }
  }

  private static Optional<LaunchRecord> decodeMain(String text) {
    String[] fields = text.split("\t", 8);
    return fields.length != 8 || !fields[0].equals(MAIN_FORM)
        ? Optional.empty()
        : Optional.of(of(fields, fields[7], new LaunchPurpose.Main()));
  }

  private static Optional<LaunchRecord> decodeHook(String text) {
    List<String> lines = List.of(text.split("\n", 4));
    String[] fields = lines.getFirst().split("\t", -1);
    return lines.size() != 4 || fields.length != 8
        ? Optional.empty()
        : purpose(Phase.valueOf(fields[7]), lines.get(1), lines.get(2))
            .map(purpose -> of(fields, lines.get(3), purpose));
  }

  private static Optional<LaunchPurpose> purpose(Phase phase, String after, String verdict) {
    return switch (phase) {
      case MAIN -> Optional.empty();
      case PRE_START -> Optional.of(new LaunchPurpose.PreStart());
      case POST_STOP -> {
        String[] parts = verdict.split("\t", 2);
        yield parts.length != 2
            ? Optional.empty()
            : EndCodec.decode(after + "\n")
                .map(end ->
                    new LaunchPurpose.PostStop(end, Boolean.parseBoolean(parts[0]), parts[1]));
      }
    };
  }

  private static LaunchRecord of(String[] fields, String program, LaunchPurpose purpose) {
    return new LaunchRecord(
        UUID.fromString(fields[1]),
        new ProcessIdentity(Integer.parseInt(fields[2]), Long.parseLong(fields[3])),
        fields[4],
        program,
        Long.parseLong(fields[5]),
        Boolean.parseBoolean(fields[6]),
        purpose);
  }
}
