package io.easyagent.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static Options parse(String... words) throws UsageException {
    return Options.parse(List.of(words), Set.of("--size", "--name"));
  }

  @Test
  void whatIsGivenCountsAndElseTheDefault() throws Exception {
    Options options = parse("--size", "3,1,2");

    assertEquals(List.of(1, 2, 3), options.sizes("--size", "9", 1, 9));
    assertEquals(List.of(7), parse().sizes("--size", "7", 1, 9));
    assertEquals(7, parse().number("--size", 7, 1, 9));
    assertEquals("else", options.text("--name", "else"));
    assertEquals(Optional.empty(), options.find("--name"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sizes 5|unknown option --sizes",
        "--size|--size: no value",
        "--size 5 --size 6|--size: given twice",
        "--size 10|--size: 10 (expected: 1 to 9)",
        "--size 0|--size: 0 (expected: 1 to 9)",
        "--size many|--size: many (expected: 1 to 9)",
        "--size 4,|--size:  (expected: 1 to 9)",
        "--size 4,4|--size: 4,4 (expected: each size once)"
      })
  void whatIsWrongIsSaid(String line, String message) {
    UsageException wrong =
        assertThrows(UsageException.class, () -> parse(line.split(" ")).sizes("--size", "1", 1, 9));

    assertEquals(message, wrong.getMessage());
  }
}
