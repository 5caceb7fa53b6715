package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.agent.PackageReference;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is asked of the host, with all that a rule can ask about: variables are resolved, users
 * looked up, links followed.
 *
 * @param operation empty: a launch of what is installed already
 * @param account what it runs as; empty when nothing of it runs
 * @param variables names that the server puts into the environment
 */
public record Demand(
    Optional<OperationKind> operation,
    Optional<RunAs> account,
    Optional<PackageReference> packageReference,
    List<CommandLine> commandLines,
    List<ProbedAddress> probes,
    Set<String> variables) {

  public Demand {
    commandLines = List.copyOf(commandLines);
    probes = List.copyOf(probes);
    variables = Set.copyOf(variables);
  }

  /**
   * @param uid empty when the host knows no such user
   */
  public record RunAs(String name, OptionalInt uid) {}

  /**
   * A program that is to run, with arguments that the server chose.
   *
   * @param what for messages, for example {@code health.command}
   * @param further anything but the agent's own process: {@code exec: false} forbids it
   */
  public record CommandLine(String what, boolean further, Place place) {}

  /**
   * What a probe over the network is to ask.
   *
   * @param what for messages, {@code health} or {@code ready}
   */
  public record ProbedAddress(String what, InetAddress address) {}

  /** Where a program lies. */
  public sealed interface Place {
    /** In the unpacked package of the very agent that it is asked for. */
    record InPackage() implements Place {}

    /**
     * Anywhere else on the host.
     *
     * @param given as it was asked for, without {@code .} and {@code ..}
     * @param real with every link followed
     * @param isSidecars below the sidecar's own data folder, where the server's files are
     */
    record OnHost(Path given, Path real, boolean isSidecars) implements Place {}
  }
}
