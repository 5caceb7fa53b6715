package io.easyagent.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
  @Test
  void nearestRankIsAValueThatWasMeasured() {
    Percentiles hundred =
        Percentiles.of(IntStream.rangeClosed(1, 100).mapToDouble(each -> 101 - each).toArray());

    assertEquals(99, hundred.at(99));
    assertEquals(100, hundred.at(100));
    assertEquals(1, hundred.at(0.1));
    assertEquals(50, hundred.median());
  }

  @Test
  void ofFewTheHighestIsTheirNinetyNinth() {
    assertEquals(7, Percentiles.of(3, 7, 5).at(99));
    assertEquals(5, Percentiles.of(3, 7, 5).median());
    assertEquals(4, Percentiles.of(4).median());
  }

  @Test
  void nothingHasNone() {
    assertThrows(IllegalArgumentException.class, Percentiles::of);
  }
}
