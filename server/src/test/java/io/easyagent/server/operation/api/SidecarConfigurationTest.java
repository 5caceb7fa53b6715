package io.easyagent.server.operation.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarConfigurationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "server:\n  addresses: [a:8890, \"b:8890\"]\nempty:\nunknown: ü # as the host says\n",
        "---\na: 1\n...\n",
        "{}",
        "{\"a\": [1, {\"b\": null}]}"
      })
  void aMappingIsAConfiguration(String text) {
    assertEquals(Optional.empty(), SidecarConfiguration.fault(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | an empty document (expected: the keys of a sidecar.yaml)",
        "# nothing | an empty document (expected: the keys of a sidecar.yaml)",
        "text | 1:1: a single value (expected: the keys of a sidecar.yaml)",
        "[a] | 1:1: a list (expected: the keys of a sidecar.yaml)",
        "a: &x [1] | 1:4: the anchor &x (expected: no anchors)",
        "a: *x | 1:4: an alias (expected: the value itself)",
        "a: [1 | 1:6: not valid YAML: while parsing a flow sequence: expected ',' or ']', but got <stream end>",
        "a: {b: [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]} | 1:22: nested too deep (expected: at most 16 levels)"
      })
  void whatIsNoneIsNamedWithItsPlace(String text, String fault) {
    assertEquals(Optional.of(fault), SidecarConfiguration.fault(text));
  }

  @Test
  void oneDocumentIsRead() {
    assertEquals(
        Optional.of("2:1: a second document (expected: one)"),
        SidecarConfiguration.fault("a: 1\n---\nb: 2\n"));
  }

  @Test
  void itIsBounded() {
    String most = "a: " + "ü".repeat((SidecarConfiguration.MOST_BYTES - 4) / 2);
    assertEquals(Optional.empty(), SidecarConfiguration.fault(most));
    assertEquals(
        Optional.of("65537 bytes (expected: at most 65536)"),
        SidecarConfiguration.fault(most + "aa"));
  }

  @Test
  void aDeepTextIsRefusedAndNotFollowed() {
    assertEquals(
        Optional.of("1:1: a list (expected: the keys of a sidecar.yaml)"),
        SidecarConfiguration.fault("[".repeat(60_000)));
    assertEquals(
        Optional.of("1:65: nested too deep (expected: at most 16 levels)"),
        SidecarConfiguration.fault("{a: ".repeat(10_000)));
  }
}
