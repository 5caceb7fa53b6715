package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.artifact.SidecarDistribution;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CapabilityTest {
  private static final String FIRST = "{name: a, user: u, command: [/bin/x]}";
  private static final String SECOND = "{name: a, user: u, command: [/bin/x], after: [b]}";
  private static final String THIRD =
      "{name: a, user: u, command: [/bin/x], preStart: {command: [/bin/y]}}";

  private static final String ON_THE_HOST = "install.sh of the server's version, on the host";

  private static HostBrief host(String... capabilities) {
    return host(Optional.of("2.0.0"), capabilities);
  }

  private static HostBrief host(Optional<String> version, String... capabilities) {
    return new HostBrief(
        new HostId(new UUID(1, 1)), "web-1", HostStatus.ONLINE, version, Set.of(capabilities));
  }

  private static Optional<String> lacking(String definition, String... capabilities) {
    return lacking(host(capabilities), definition);
  }

  private static Optional<String> lacking(HostBrief host, String definition) {
    var text =
        new StoredDefinition(DefinitionTexts.requireValid(definition), Optional.empty()).text();
    Optional<String> forInstall = Capability.lacking(host, new Command.Install(text, true));
    assertEquals(
        forInstall, Capability.lacking(host, new Command.Configure(text, OptionalLong.empty())));
    return forInstall;
  }

  private static Optional<String> isOld(String version, String capability, String cure) {
    return Optional.of(
        "the sidecar of web-1 does not understand %s: it is %s (expected: one as new as the server; see: %s)"
            .formatted(capability, version, cure));
  }

  private static Optional<String> isOld(String capability) {
    return isOld("version 2.0.0", capability, ON_THE_HOST);
  }

  @Test
  void whoWouldIgnoreAKeyIsNotSentTheDefinition() {
    assertEquals(Optional.empty(), lacking(FIRST, "definition-1"));
    assertEquals(isOld("definition-2"), lacking(SECOND, "definition-1"));
    assertEquals(Optional.empty(), lacking(SECOND, "definition-1", "definition-2"));
    assertEquals(isOld("definition-3"), lacking(THIRD, "definition-1", "definition-2"));
    assertEquals(Optional.empty(), lacking(THIRD, "definition-1", "definition-3"));
  }

  @Test
  void aSidecarThatCanUpgradeItselfIsToBeUpgraded() {
    assertEquals(
        isOld("version 2.0.0", "definition-2", "easyagent sidecar upgrade"),
        lacking(SECOND, "definition-1", "sidecar-upgrade-1"));
  }

  @Test
  void aSidecarThatCannotUpgradeItselfIsNotTold() {
    List<Command> commands =
        List.of(
            new Command.UpgradeSidecar(
                new SidecarDistribution("easyagent-sidecar-linux-x86_64", "2.1.0", "ab", 1, "cd")),
            new Command.ConfigureSidecar("{}"));
    for (Command command : commands) {
      assertEquals(
          isOld("sidecar-upgrade-1"),
          Capability.lacking(host("definition-1", "definition-2"), command));
      assertEquals(Optional.empty(), Capability.lacking(host("sidecar-upgrade-1"), command));
    }
  }

  @Test
  void ofAHostThatWasNeverThereNothingIsKnown() {
    assertEquals(Optional.empty(), lacking(host(Optional.empty()), SECOND));
  }

  @Test
  void whoWasThereAndUnderstandsNothingIsNotSentIt() {
    assertEquals(isOld("definition-1"), lacking(host(), FIRST));
    assertEquals(
        isOld("of a version that is not known", "definition-1", ON_THE_HOST),
        lacking(host(Optional.of("")), FIRST));
  }
}
