package io.easyagent.server.agent.definition;

import io.easyagent.server.agent.definition.DocumentNode.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads a definition from YAML or JSON. A text whose first characters open a JSON object with a
 * quoted key is JSON, everything else is YAML. All faults are found at once, unless the text is no
 * document at all.
 */
public final class DefinitionParser {
  /** Bytes of a definition in UTF-8. */
  public static final int MOST_BYTES = 256 << 10;

  static final int MOST_DEPTH = 16;

  private DefinitionParser() {}

  public static ParsedDefinition parse(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      return invalid(
          new Place(1, 1),
          "a document of " + bytes + " bytes (expected: at most " + MOST_BYTES + ")");
    }
    try {
      Optional<DocumentNode> document =
          looksLikeJson(text) ? Optional.of(JsonDocument.read(text)) : YamlDocument.read(text);
      if (document.isEmpty()) {
        return invalid(new Place(1, 1), "an empty document (expected: an agent definition)");
      }
      return decode(document.get());
    } catch (DocumentFault fault) {
      return invalid(fault.place(), String.valueOf(fault.getMessage()));
    }
  }

  /**
   * Reads back what {@link DefinitionWriter} wrote.
   *
   * @throws IllegalArgumentException when the text is no valid definition
   */
  public static AgentDefinition requireValid(String text) {
    return switch (parse(text)) {
      case ParsedDefinition.Valid valid -> valid.definition();
      case ParsedDefinition.Invalid invalid ->
          throw new IllegalArgumentException("definition: " + invalid.errors());
    };
  }

  private static ParsedDefinition decode(DocumentNode document) {
    Findings findings = new Findings();
    Optional<AgentDefinition> definition = DefinitionReader.read(new Found(document, "", findings));
    return findings.errors().isEmpty() && definition.isPresent()
        ? new ParsedDefinition.Valid(definition.get())
        : new ParsedDefinition.Invalid(findings.errors());
  }

  private static boolean looksLikeJson(String text) {
    String start = text.substring(0, Math.min(text.length(), 4096)).stripLeading();
    return start.startsWith("{") && start.substring(1).stripLeading().startsWith("\"");
  }

  private static ParsedDefinition invalid(Place place, String message) {
    return new ParsedDefinition.Invalid(
        List.of(new DefinitionError(place.line(), place.column(), "", message)));
  }
}
