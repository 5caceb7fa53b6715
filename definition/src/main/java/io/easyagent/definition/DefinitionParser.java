package io.easyagent.definition;

import io.easyagent.definition.DocumentNode.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads a definition from a text. All faults are found at once, unless the text is no document at
 * all.
 */
public final class DefinitionParser {
  /** Bytes of a definition in UTF-8. */
  public static final int MOST_BYTES = 256 << 10;

  /** Levels of a document. */
  public static final int MOST_DEPTH = 16;

  private DefinitionParser() {}

  public static ParsedDefinition parse(String text, DocumentFormat format) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      return invalid(
          new Place(1, 1),
          "a document of " + bytes + " bytes (expected: at most " + MOST_BYTES + ")");
    }
    try {
      Optional<DocumentNode> document = format.read(text);
      if (document.isEmpty()) {
        return invalid(new Place(1, 1), "an empty document (expected: an agent definition)");
      }
      return decode(document.get());
    } catch (DocumentFault fault) {
      return invalid(fault.place(), String.valueOf(fault.getMessage()));
    }
  }

  private static ParsedDefinition decode(DocumentNode document) {
    Findings findings = new Findings();
    Optional<AgentDefinition> definition = DefinitionReader.read(new Found(document, "", findings));
    return findings.errors().isEmpty() && definition.isPresent()
        ? new ParsedDefinition.Valid(definition.get())
        : new ParsedDefinition.Invalid(findings.errors());
  }

  private static ParsedDefinition invalid(Place place, String message) {
    return new ParsedDefinition.Invalid(
        List.of(new DefinitionError(place.line(), place.column(), "", message)));
  }
}
