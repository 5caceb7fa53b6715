package io.easyagent.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShortIdsTest {
  @Test
  void randomIdsAreShownAsFarAsTheyDiffer() {
    UUID one = UUID.fromString("77b0d1f2-1111-4111-8111-111111111111");
    UUID other = UUID.fromString("91aa02c4-2222-4222-8222-222222222222");
    UUID alike = UUID.fromString("77b0d1f2-1122-4333-8333-333333333333");

    assertEquals("77b0d1f2", ShortIds.of(List.of(one, other)).of(one));
    assertEquals("77b0d1f2-111", ShortIds.of(List.of(one, other, alike)).of(one));
  }

  /** Alone in its list, it is still to be told from every other batch of the minute. */
  @Test
  void idsThatBeginWithTheTimeAreShownWithAllOfItAndTheCounter() {
    UUID batch = UUID.fromString("01980f3c-6a2b-7000-9c3f-123456789abc");

    assertEquals("01980f3c-6a2b-7000", ShortIds.of(List.of(batch)).of(batch));
  }
}
