package io.easyagent.server.agent.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.DefinitionParser;
import io.easyagent.definition.DefinitionWriter;
import io.easyagent.definition.DocumentFormat;
import io.easyagent.definition.ParsedDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions as operators write them, in YAML or JSON, and as they are kept, in JSON. */
public final class DefinitionTexts {
  private static final DocumentFormat JSON = text -> Optional.of(JsonDocument.read(text));

  private DefinitionTexts() {}

  /**
   * A text whose first characters open a JSON object with a quoted key is JSON, everything else is
   * YAML. All faults are found at once, unless the text is no document at all.
   */
  public static ParsedDefinition parse(String text) {
    return DefinitionParser.parse(text, looksLikeJson(text) ? JSON : DocumentFormat.YAML);
  }

  /**
   * Reads back what {@link #json} or {@link DefinitionWriter} wrote.
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

  /** The canonical form in JSON. */
  public static JsonNode json(AgentDefinition definition) {
    return json(DefinitionWriter.tree(definition));
  }

  private static JsonNode json(Object value) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return switch (value) {
      case Map<?, ?> map -> {
        ObjectNode object = factory.objectNode();
        map.forEach((key, child) -> object.set(String.valueOf(key), json(child)));
        yield object;
      }
      case List<?> list -> {
        ArrayNode array = factory.arrayNode();
        list.forEach(child -> array.add(json(child)));
        yield array;
      }
      case Integer number -> factory.numberNode(number);
      case Long number -> factory.numberNode(number);
      case Double number -> factory.numberNode(number);
      case String text -> factory.textNode(text);
      case Boolean truth -> factory.booleanNode(truth);
      default -> throw new IllegalArgumentException("not written: " + value.getClass());
    };
  }

  private static boolean looksLikeJson(String text) {
    String start = text.substring(0, Math.min(text.length(), 4096)).stripLeading();
    return start.startsWith("{") && start.substring(1).stripLeading().startsWith("\"");
  }
}
