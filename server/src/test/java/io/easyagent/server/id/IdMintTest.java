package io.easyagent.server.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.FakeClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdMintTest {
  private final FakeClock clock = new FakeClock();
  private final IdMint ids = new IdMint(clock, new SecureRandom());

  @Test
  void orderedIdsSortAndDifferInTheirBeginnings() {
    List<String> minted = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      if (i == 5_000) {
        clock.stepWallClock(Duration.ofHours(-1));
      }
      UUID id = ids.next();
      assertEquals(7, id.version());
      assertEquals(2, id.variant());
      minted.add(id.toString());
    }

    assertEquals(minted.stream().sorted().toList(), minted);
    assertEquals(
        minted.size(),
        minted.stream().map(id -> id.substring(0, IdMint.ORDERED_PREFIX)).distinct().count());
  }

  @Test
  void randomIdsOfOneMomentDifferInTheirFirstDigits() {
    List<String> beginnings = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      UUID id = ids.nextRandom();
      assertEquals(4, id.version());
      assertEquals(2, id.variant());
      beginnings.add(id.toString().substring(0, 8));
    }

    // Two of a hundred meet by chance in one of a million runs; a third would be a fault.
    assertTrue(beginnings.stream().distinct().count() >= 99, beginnings.toString());
  }

  @Test
  void anOrderedIdTellsWhenItWasMade() {
    Instant made = Instant.parse("2026-03-04T05:06:07.089Z");
    String id = new IdMint(new FakeClock(made), new SecureRandom()).next().toString();

    assertEquals(Optional.of(made), IdMint.madeAt(id));
    assertEquals(Optional.of(made), IdMint.madeAt(id.substring(0, 13)));
    assertEquals(Optional.empty(), IdMint.madeAt(id.substring(0, 12)));
    assertEquals(Optional.empty(), IdMint.madeAt("web-1"));
    assertEquals(Optional.empty(), IdMint.madeAt(UUID.randomUUID().toString()));
  }
}
