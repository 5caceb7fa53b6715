package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.ProcessIdentity;
import java.util.Optional;
import java.util.UUID;

/**
 * What is written of a launch before it is released: enough to find its processes again.
 *
 * @param launch in the environment of everything that was launched
 * @param bootId of the boot that the numbers belong to
 * @param program the name that the kernel gives the main process once its program is reached
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
    boolean foreignUser) {

  private static final int VERSION = 1;

  /** The variable that carries the launch's id. */
  static final String VARIABLE = "EASYAGENT_LAUNCH_ID";

  String assignment() {
    return VARIABLE + "=" + launch;
  }

  String encode() {
    return String.join(
            "\t",
            Integer.toString(VERSION),
            launch.toString(),
            Integer.toString(keeper.pid()),
            Long.toString(keeper.startTicks()),
            bootId,
            Long.toString(outputStart),
            Boolean.toString(foreignUser),
            program)
        + "\n";
  }

  /** Empty when the text is not a whole record. */
  static Optional<LaunchRecord> decode(String text) {
    String[] fields = text.split("\t", 8);
    if (fields.length != 8
        || !text.endsWith("\n")
        || !fields[0].equals(Integer.toString(VERSION))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LaunchRecord(
              UUID.fromString(fields[1]),
              new ProcessIdentity(Integer.parseInt(fields[2]), Long.parseLong(fields[3])),
              fields[4],
              fields[7].substring(0, fields[7].length() - 1),
              Long.parseLong(fields[5]),
              Boolean.parseBoolean(fields[6])));
    } catch (IllegalArgumentException notARecord) {
      return Optional.empty();
    }
  }
}
