package io.easyagent.server.operation.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.server.artifact.SidecarDistribution;
import io.easyagent.server.operation.Command;
import org.junit.jupiter.api.Test;

/** What a store of today has is read by every later server. */
class CommandTextTest {
  private static void assertStored(String text, Command command) {
    assertEquals(text, CommandText.write(command));
    assertEquals(command, CommandText.read(text));
  }

  @Test
  void whatIsForTheSidecarKeepsItsForm() {
    assertStored(
        "{\"command\":\"upgrade-sidecar\",\"distribution\":{\"package\":\"easyagent-sidecar-linux-x86_64\","
            + "\"version\":\"2.1.0\",\"sha256\":\"ab\",\"size\":5368709120,\"signature\":\"cd\"}}",
        new Command.UpgradeSidecar(
            new SidecarDistribution(
                "easyagent-sidecar-linux-x86_64", "2.1.0", "ab", 5L << 30, "cd")));
    assertStored(
        "{\"command\":\"configure-sidecar\",\"configuration\":\"a: ü\\n\"}",
        new Command.ConfigureSidecar("a: ü\n"));
  }

  @Test
  void whatALaterServerStoredIsNotGuessed() {
    assertThrows(IllegalStateException.class, () -> CommandText.read("{\"command\":\"later\"}"));
  }
}
