package io.easyagent.sidecar.config;

import io.easyagent.sidecar.session.Backoff;
import io.easyagent.sidecar.session.ServerAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;

/**
 * What an operator can set.
 *
 * @param serverAddresses tried in turn; empty: those that the host enrolled with
 * @param reconnect how long to wait for the next session after one that broke
 * @param data everything that the sidecar keeps lies here
 * @param policy the host's own rules; when it is named here, it must be there
 * @param definitions the folder of the agents that are defined on the host; empty: none are
 * @param file where this was, or would have been, read; empty: nowhere
 */
public record Configuration(
    List<ServerAddress> serverAddresses,
    Backoff reconnect,
    Path data,
    Level logLevel,
    Optional<Path> policy,
    Optional<Path> definitions,
    Optional<Path> file) {
  /** Read when no other file is named and it is there. */
  public static final Path USUAL_FILE = Path.of("/etc/easyagent-sidecar/sidecar.yaml");

  public static final Path USUAL_DATA = Path.of("/var/lib/easyagent-sidecar");
  public static final Configuration USUAL =
      new Configuration(
          List.of(), Backoff.USUAL, USUAL_DATA, Level.INFO, Optional.empty(), Optional.empty());

  public Configuration {
    serverAddresses = List.copyOf(serverAddresses);
  }

  /** Of no file. */
  public Configuration(
      List<ServerAddress> serverAddresses,
      Backoff reconnect,
      Path data,
      Level logLevel,
      Optional<Path> policy,
      Optional<Path> definitions) {
    this(serverAddresses, reconnect, data, logLevel, policy, definitions, Optional.empty());
  }

  public Configuration withData(Path changed) {
    return new Configuration(
        serverAddresses, reconnect, changed, logLevel, policy, definitions, file);
  }

  /** As what is in that file, or holds while it is not there. */
  public Configuration of(Path read) {
    return new Configuration(
        serverAddresses, reconnect, data, logLevel, policy, definitions, Optional.of(read));
  }
}
