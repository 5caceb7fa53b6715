package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CapabilityTest {
  private static final String FIRST = "{name: a, user: u, command: [/bin/x]}";
  private static final String SECOND = "{name: a, user: u, command: [/bin/x], after: [b]}";

  private static Optional<String> lacking(String definition, String... capabilities) {
    HostBrief host =
        new HostBrief(new HostId(new UUID(1, 1)), "web-1", HostStatus.ONLINE, Set.of(capabilities));
    var text =
        new StoredDefinition(DefinitionTexts.requireValid(definition), Optional.empty()).text();
    Optional<String> forInstall = Capability.lacking(host, new Command.Install(text, true));
    assertEquals(
        forInstall, Capability.lacking(host, new Command.Configure(text, OptionalLong.empty())));
    return forInstall;
  }

  @Test
  void whoWouldIgnoreAKeyIsNotSentTheDefinition() {
    assertEquals(Optional.empty(), lacking(FIRST, "definition-1"));
    assertEquals(
        Optional.of(
            "the sidecar of web-1 does not understand definition-2 (expected: version 2.0 or"
                + " later)"),
        lacking(SECOND, "definition-1"));
    assertEquals(Optional.empty(), lacking(SECOND, "definition-1", "definition-2"));
  }

  @Test
  void ofAHostThatWasNeverThereNothingIsKnown() {
    assertEquals(Optional.empty(), lacking(SECOND));
  }
}
