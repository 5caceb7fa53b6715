package io.easyagent.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fuzzer starts from, and all that it ever found. */
final class SeedsTest {
  static Set<String> targets() {
    return FuzzTargets.ALL.keySet();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void seedsAndFormerFindingsHold(String name) throws Exception {
    FuzzTarget target = FuzzTargets.require(name);
    assertFalse(target.seeds().isEmpty());
    for (byte[] seed : target.seeds()) {
      target.attack(seed);
    }
    for (byte[] finding : findings(name)) {
      target.attack(finding);
    }
  }

  /**
   * One input in hexadecimal on each line of {@code findings/TARGET}; {@code #} begins a comment.
   */
  private static List<byte[]> findings(String name) throws IOException {
    try (InputStream file = SeedsTest.class.getResourceAsStream("/findings/" + name)) {
      return file == null
          ? List.of()
          : new String(file.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(HexFormat.of()::parseHex)
              .toList();
    }
  }
}
