package io.easyagent.simulator.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which of the simulated hosts; everything that is made up for it follows from this.
 *
 * @param prefix of the name, so that several simulators can fill one fleet
 * @param value from 1
 */
public record HostNumber(String prefix, int value) {
  private static final int PER_FOLDER = 100;

  /** For example {@code sim-00042}. */
  public String name() {
    return "%s-%05d".formatted(prefix, value);
  }

  /** Its data folder, a hundred of them to each folder above. */
  public Path folder(Path state) {
    return state.resolve("hosts").resolve("%03d".formatted(value / PER_FOLDER)).resolve(name());
  }

  /** The same for the same host and subject, in every life of the simulator. */
  UUID uuid(String subject) {
    return UUID.nameUUIDFromBytes((name() + "/" + subject).getBytes(StandardCharsets.UTF_8));
  }

  /** From 0 (inclusive) to 1 (exclusive), the same for the same host and subject. */
  double fraction(String subject) {
    return (uuid(subject).getLeastSignificantBits() & 0xffff_ffffL) / (double) (1L << 32);
  }
}
