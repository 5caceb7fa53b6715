package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.policy.Demand.CommandLine;
import io.easyagent.sidecar.policy.Demand.Place;
import io.easyagent.sidecar.policy.Demand.ProbedAddress;
import io.easyagent.sidecar.policy.Demand.RunAs;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rules of one host. A pure function from demand to verdict: the same demand always gets the
 * same one.
 *
 * @param users that agents and commands may run as; empty: any. Says nothing about uid 0
 * @param root whether anything may run as uid 0, under whatever name
 * @param paths folders, links followed, that programs of the host may lie in; empty: anywhere
 * @param exec whether command lines may come from the server
 * @param healthAddresses that probes may ask, of those that are the host's own; empty: all of them
 * @param logs whether agents' output may be read from afar
 * @param sidecarKeys one of which must have signed a distribution of the sidecar; empty: those that
 *     came with the installation
 */
public record Policy(
    Optional<Set<String>> users,
    boolean root,
    Optional<List<Path>> paths,
    PackageRules packages,
    boolean exec,
    Set<OperationKind> operations,
    VariableRules environment,
    Optional<List<AddressRange>> healthAddresses,
    boolean logs,
    Optional<KeyRing> sidecarKeys) {

  /** What holds on a host without the file. */
  public static final Policy USUAL =
      new Policy(
          Optional.empty(),
          true,
          Optional.empty(),
          PackageRules.USUAL,
          true,
          EnumSet.allOf(OperationKind.class),
          VariableRules.USUAL,
          Optional.empty(),
          true,
          Optional.empty());

  public Policy {
    users = users.map(Set::copyOf);
    paths = paths.map(List::copyOf);
    operations = Set.copyOf(operations);
    healthAddresses = healthAddresses.map(List::copyOf);
  }

  public Verdict check(Demand demand) {
    return demand
        .operation()
        .flatMap(this::againstOperation)
        .or(() -> demand.account().flatMap(this::againstAccount))
        .or(() -> demand.packageReference().flatMap(packages::against))
        .or(() ->
            demand.commandLines().stream()
                .map(this::againstCommandLine)
                .flatMap(Optional::stream)
                .findFirst())
        .or(() ->
            demand.probes().stream().map(this::againstProbe).flatMap(Optional::stream).findFirst())
        .or(() -> againstVariables(demand))
        .<Verdict>map(Verdict.Refused::new)
        .orElse(Verdict.ALLOWED);
  }

  /** Whether a probe may ask an address that is the host's own. */
  public boolean allowsProbe(InetAddress address) {
    return healthAddresses.isEmpty()
        || healthAddresses.get().stream().anyMatch(range -> range.contains(address));
  }

  private Optional<String> againstProbe(ProbedAddress probe) {
    return allowsProbe(probe.address())
        ? Optional.empty()
        : Optional.of(
            probe.what()
                + ": "
                + probe.address().getHostAddress()
                + " (expected: one of health.addresses: "
                + healthAddresses.orElse(List.of())
                + ")");
  }

  private Optional<String> againstOperation(OperationKind kind) {
    if (!operations.contains(kind)) {
      return Optional.of(
          "operation: "
              + kind.word()
              + " (expected: one of operations: "
              + operations.stream().sorted().map(OperationKind::word).toList()
              + ")");
    }
    return kind == OperationKind.EXEC && !exec
        ? Optional.of("operation: exec (expected: none, because exec: false)")
        : Optional.empty();
  }

  private Optional<String> againstAccount(RunAs account) {
    if (account.uid().isEmpty()) {
      return root && users.isEmpty()
          ? Optional.empty()
          : Optional.of("user: " + shown(account.name()) + " (expected: a user of this host)");
    }
    if (account.uid().getAsInt() == 0) {
      return root
          ? Optional.empty()
          : Optional.of(
              "user: "
                  + shown(account.name())
                  + " has uid 0 (expected: another uid, because root: false)");
    }
    return users.isEmpty() || users.get().contains(account.name())
        ? Optional.empty()
        : Optional.of(
            "user: "
                + shown(account.name())
                + " (expected: one of users: "
                + users.get().stream().sorted().toList()
                + ")");
  }

  private Optional<String> againstCommandLine(CommandLine line) {
    if (line.further() && !exec) {
      return Optional.of(line.what() + " (expected: none, because exec: false)");
    }
    return switch (line.place()) {
      case Place.InPackage() -> Optional.empty();
      case Place.OnHost host -> againstProgram(line.what(), host);
    };
  }

  /** Without command lines of the server, an agent is a package's program or one of the paths. */
  private Optional<String> againstProgram(String what, Place.OnHost host) {
    if (paths.isEmpty()) {
      return exec
          ? Optional.empty()
          : Optional.of(
              what
                  + ": "
                  + shown(host)
                  + " (expected: a program of the agent's package, because exec: false and there"
                  + " are no paths)");
    }
    boolean allowed = !host.isSidecars() && paths.get().stream().anyMatch(host.real()::startsWith);
    return allowed
        ? Optional.empty()
        : Optional.of(
            what
                + ": "
                + shown(host)
                + " (expected: a program of the agent's package or below one of paths: "
                + paths.get()
                + ")");
  }

  private Optional<String> againstVariables(Demand demand) {
    boolean asRoot = demand.account().map(account -> account.uid().orElse(0) == 0).orElse(false);
    return demand.variables().stream()
        .sorted()
        .map(name -> environment.against(name, asRoot, exec))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static String shown(Place.OnHost host) {
    String given = shown(host.given().toString());
    return host.given().equals(host.real())
        ? given
        : given + ", which is " + shown(host.real().toString());
  }

  /** Bounded and without control characters: it comes from the server. */
  static String shown(String text) {
    return text.codePoints()
        .limit(200)
        .map(point -> Character.isISOControl(point) ? '?' : point)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
