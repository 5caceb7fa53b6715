package io.easyagent.benchmarks.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.benchmarks.sidecar.Witness.Start;
import io.easyagent.benchmarks.sidecar.Witness.Written;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WitnessTest {
  @Test
  void everyLifeIsThereInItsOrder() {
    Witness witness = Witness.parse("started 41 1000\nstarted 43 2000\n");

    assertEquals(List.of(new Start(41, 1_000), new Start(43, 2_000)), witness.starts());
    assertEquals(Optional.of(new Start(43, 2_000)), witness.latest());
    assertEquals(Optional.empty(), witness.written());
  }

  @Test
  void aLineWithoutItsEndIsNotThereYet() {
    assertEquals(List.of(), Witness.parse("started 41 10").starts());
    assertEquals(1, Witness.parse("started 41 1000\nwro").starts().size());
    assertEquals(Optional.empty(), Witness.parse("").latest());
  }

  @Test
  void speedIsInMillionsOfBytesASecond() {
    Written written =
        Witness.parse("started 41 1000\nwrote 3000000000 2000000000\n").written().orElseThrow();

    assertEquals(1_500, written.megabytesPerSecond());
    assertEquals(2, written.seconds());
  }

  @Test
  void aStrangersLineIsAnError() {
    assertThrows(IllegalArgumentException.class, () -> Witness.parse("ended 41 1000\n"));
    assertThrows(IllegalArgumentException.class, () -> Witness.parse("started 41\n"));
  }
}
