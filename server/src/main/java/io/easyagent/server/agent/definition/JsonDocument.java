package io.easyagent.server.agent.definition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.easyagent.definition.DefinitionParser;
import io.easyagent.definition.DocumentFault;
import io.easyagent.definition.DocumentNode;
import io.easyagent.definition.DocumentNode.Absent;
import io.easyagent.definition.DocumentNode.Entry;
import io.easyagent.definition.DocumentNode.Mapping;
import io.easyagent.definition.DocumentNode.Place;
import io.easyagent.definition.DocumentNode.Scalar;
import io.easyagent.definition.DocumentNode.Sequence;
import io.easyagent.definition.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads JSON, places included. */
final class JsonDocument {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser parser;

  private JsonDocument(JsonParser parser) {
    this.parser = parser;
  }

  static DocumentNode read(String text) throws DocumentFault {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonDocument document = new JsonDocument(parser);
      DocumentNode root = document.node(parser.nextToken(), 1);
      if (parser.nextToken() != null) {
        throw new DocumentFault(
            place(parser.currentTokenLocation()), "text after the end (expected: one definition)");
      }
      return root;
    } catch (JsonProcessingException fault) {
      JsonLocation location = fault.getLocation();
      throw new DocumentFault(
          location == null ? new Place(1, 1) : place(location),
          "not valid JSON: " + Shown.of(fault.getOriginalMessage()));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private DocumentNode node(@Nullable JsonToken token, int depth)
      throws IOException, DocumentFault {
    Place place = place(parser.currentTokenLocation());
    if (depth > DefinitionParser.MOST_DEPTH) {
      throw new DocumentFault(
          place, "nested too deep (expected: at most " + DefinitionParser.MOST_DEPTH + " levels)");
    }
    if (token == null) {
      throw new DocumentFault(place, "not valid JSON: a value is missing");
    }
    return switch (token) {
      case START_OBJECT -> mapping(place, depth);
      case START_ARRAY -> sequence(place, depth);
      case VALUE_NULL -> new Absent(place);
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
          new Scalar(place, parser.getText());
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new DocumentFault(place, "not valid JSON: a value is missing");
    };
  }

  private DocumentNode sequence(Place place, int depth) throws IOException, DocumentFault {
    List<DocumentNode> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(node(token, depth + 1));
    }
    return new Sequence(place, items);
  }

  private DocumentNode mapping(Place place, int depth) throws IOException, DocumentFault {
    List<Entry> entries = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Place keyPlace = place(parser.currentTokenLocation());
      String key = parser.currentName();
      entries.add(new Entry(keyPlace, key, node(parser.nextToken(), depth + 1)));
    }
    return new Mapping(place, entries);
  }

  private static Place place(JsonLocation location) {
    return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
