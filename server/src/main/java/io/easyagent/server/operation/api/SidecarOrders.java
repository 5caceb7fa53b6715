package io.easyagent.server.operation.api;

import io.easyagent.definition.Names;
import io.easyagent.definition.Shown;
import io.easyagent.server.artifact.SidecarDistributions;
import io.easyagent.server.artifact.SidecarDistributions.Found;
import io.easyagent.server.artifact.SidecarPlatform;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.NewBatch.Order;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Orders for the sidecars of hosts. What a host says of itself only chooses among the signed
 * distributions that there are.
 */
final class SidecarOrders {
  private static final String SYSTEM = "osType";
  private static final String ARCHITECTURE = "architecture";
  private static final String PUSH = "see: easyagent sidecar push";

  private final Hosts hosts;
  private final SidecarDistributions distributions;

  SidecarOrders(Hosts hosts, SidecarDistributions distributions) {
    this.hosts = hosts;
    this.distributions = distributions;
  }

  /** What a host is to be given, or why there is nothing for it. */
  private sealed interface Choice {
    record Upgrade(Command command) implements Choice {}

    record Nothing(Refusal refusal) implements Choice {}
  }

  /**
   * Each host's own distribution of the version. A host for which there is none has its refusal.
   *
   * @throws RefusedException BAD_REQUEST for a version that is none; the first host's refusal when
   *     there is a distribution for none of them
   */
  List<Order> upgrade(String version, List<HostBrief> targets) {
    if (!Names.isVersion(version)) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "command.version: " + Shown.of(version) + " (expected: " + Names.EXPECTED_VERSION + ")");
    }
    Map<HostId, Map<String, String>> facts =
        hosts.facts(targets.stream().map(HostBrief::id).toList(), Set.of(SYSTEM, ARCHITECTURE));
    Map<SidecarPlatform, Function<HostBrief, Choice>> offers = new EnumMap<>(SidecarPlatform.class);
    List<Choice> choices =
        targets.stream()
            .map(host ->
                choose(
                    host,
                    facts.getOrDefault(host.id(), Map.of()),
                    platform -> offers.computeIfAbsent(platform, each -> offer(each, version))))
            .toList();
    // A host that is refused is given any of the commands, and never gets it.
    Command any =
        choices.stream()
            .filter(Choice.Upgrade.class::isInstance)
            .map(Choice.Upgrade.class::cast)
            .map(Choice.Upgrade::command)
            .findFirst()
            .orElseThrow(() -> new RefusedException(firstRefusal(choices)));
    return IntStream.range(0, targets.size())
        .mapToObj(index -> order(targets.get(index), choices.get(index), any))
        .toList();
  }

  private static Order order(HostBrief host, Choice choice, Command any) {
    return switch (choice) {
      case Choice.Upgrade(Command command) -> new Order(host.id(), command);
      case Choice.Nothing(Refusal refusal) -> new Order(host.id(), any, Optional.of(refusal));
    };
  }

  private static Refusal firstRefusal(List<Choice> choices) {
    return choices.stream()
        .filter(Choice.Nothing.class::isInstance)
        .map(Choice.Nothing.class::cast)
        .map(Choice.Nothing::refusal)
        .findFirst()
        .orElseThrow();
  }

  private static Choice choose(
      HostBrief host,
      Map<String, String> facts,
      Function<SidecarPlatform, Function<HostBrief, Choice>> offers) {
    String system = facts.getOrDefault(SYSTEM, "");
    String architecture = facts.getOrDefault(ARCHITECTURE, "");
    if (system.isEmpty() && architecture.isEmpty()) {
      return nothing(
          ErrorCode.UNSUPPORTED_BY_HOST,
          host.name() + " has not said what it is (expected: a host that was connected once)");
    }
    return SidecarPlatform.of(system, architecture)
        .map(platform -> offers.apply(platform).apply(host))
        .orElseGet(() ->
            nothing(
                ErrorCode.UNSUPPORTED_BY_HOST,
                "%s is of the platform %s (expected: %s)"
                    .formatted(host.name(), Shown.of(system + "-" + architecture), platforms())));
  }

  /** What there is for the hosts of a platform. Equal commands are one object: stored once. */
  private Function<HostBrief, Choice> offer(SidecarPlatform platform, String version) {
    return switch (distributions.find(platform, version)) {
      case Found.Signed(var distribution) -> {
        Choice upgrade = new Choice.Upgrade(new Command.UpgradeSidecar(distribution));
        yield host -> upgrade;
      }
      case Found.Unsigned(String reference) ->
          host ->
              nothing(
                  ErrorCode.CONFLICT,
                  "the package %s for %s is not signed (expected: pushed with its signature; %s)"
                      .formatted(reference, host.name(), PUSH));
      case Found.Missing(String reference) ->
          host ->
              nothing(
                  ErrorCode.NOT_FOUND,
                  "there is no package %s for %s (%s)".formatted(reference, host.name(), PUSH));
    };
  }

  private static Choice nothing(ErrorCode code, String message) {
    return new Choice.Nothing(new Refusal(code, message));
  }

  private static String platforms() {
    return Arrays.stream(SidecarPlatform.values())
        .map(SidecarPlatform::text)
        .collect(Collectors.joining(" or "));
  }

  /**
   * The same configuration for every host; which keys a sidecar knows, it says itself.
   *
   * @throws RefusedException BAD_REQUEST when it is no configuration at all
   */
  List<Order> configure(String configuration, List<HostBrief> targets) {
    SidecarConfiguration.fault(configuration)
        .ifPresent(fault -> {
          throw new RefusedException(ErrorCode.BAD_REQUEST, "command.configuration: " + fault);
        });
    Command command = new Command.ConfigureSidecar(configuration);
    return targets.stream().map(host -> new Order(host.id(), command)).toList();
  }
}
