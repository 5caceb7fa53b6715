package io.easyagent.simulator.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.sidecar.operation.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {
  private static final OperationId ONCE = new OperationId(new UUID(1, 1));
  private static final OperationId TWICE = new OperationId(new UUID(2, 2));

  @TempDir Path folder;

  @Test
  void everyRunIsCountedAcrossLives() throws IOException {
    Path file = folder.resolve("witness");
    try (Witness witness = Witness.open(file)) {
      witness.ran(ONCE, "sim-00001");
      witness.ran(TWICE, "sim-00002");
      assertEquals(0, witness.twice());
    }
    try (Witness witness = Witness.open(file)) {
      witness.ran(TWICE, "sim-00002");
      witness.ran(TWICE, "sim-00002");
      assertEquals(1, witness.runs(ONCE.value()));
      assertEquals(3, witness.runs(TWICE.value()));
      assertEquals(0, witness.runs(new UUID(3, 3)));
      assertEquals(4, witness.total());
      assertEquals(1, witness.twice());
    }
    assertEquals(
        List.of(
            ONCE + " sim-00001", TWICE + " sim-00002", TWICE + " sim-00002", TWICE + " sim-00002"),
        Files.readAllLines(file));
  }

  @Test
  void aFileThatIsNoWitnessIsNotTakenForOne() throws IOException {
    Path file = folder.resolve("witness");
    Files.writeString(file, "nonsense\n");
    assertThrows(IOException.class, () -> Witness.open(file));
  }
}
