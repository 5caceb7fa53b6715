package io.easyagent.definition;

import io.easyagent.definition.DocumentNode.Absent;
import io.easyagent.definition.DocumentNode.Entry;
import io.easyagent.definition.DocumentNode.Mapping;
import io.easyagent.definition.DocumentNode.Place;
import io.easyagent.definition.DocumentNode.Scalar;
import io.easyagent.definition.DocumentNode.Sequence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML from the parser's events. Anchors, aliases and tags are refused: a definition has no
 * use for them, and they are how small documents become large.
 */
final class YamlDocument {
  private static final Set<String> ABSENT = Set.of("", "~", "null", "Null", "NULL");

  private final Iterator<Event> events;

  private YamlDocument(Iterator<Event> events) {
    this.events = events;
  }

  /** The only document of the text; empty when there is none. */
  static Optional<DocumentNode> read(String text) throws DocumentFault {
    LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
    try {
      return new YamlDocument(new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException fault) {
      Place place = fault.getProblemMark().map(YamlDocument::place).orElse(new Place(1, 1));
      String context = fault.getContext();
      throw new DocumentFault(
          place,
          "not valid YAML: "
              + (context == null ? "" : context + ": ")
              + Shown.of(String.valueOf(fault.getProblem())));
    } catch (YamlEngineException | IllegalArgumentException fault) {
      // The second is how the library says that it knows no such escape or tag.
      throw new DocumentFault(
          new Place(1, 1), "not valid YAML: " + Shown.of(String.valueOf(fault.getMessage())));
    }
  }

  private Optional<DocumentNode> document() throws DocumentFault {
    Optional<DocumentNode> document = Optional.empty();
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (document.isPresent()) {
            throw new DocumentFault(
                place(event), "a second document (expected: one definition in a document)");
          }
        }
        case Alias, Scalar, MappingStart, SequenceStart, MappingEnd, SequenceEnd ->
            document = Optional.of(node(event, 1));
      }
    }
    return document;
  }

  private DocumentNode node(Event event, int depth) throws DocumentFault {
    Place place = place(event);
    if (depth > DefinitionParser.MOST_DEPTH) {
      throw new DocumentFault(
          place, "nested too deep (expected: at most " + DefinitionParser.MOST_DEPTH + " levels)");
    }
    refuseAnchorAndTag(event, place);
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event, place);
      case MappingStart -> mapping(place, depth);
      case SequenceStart -> sequence(place, depth);
      case Alias -> throw new DocumentFault(place, "an alias (expected: the value itself)");
      case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment, MappingEnd, SequenceEnd ->
          throw new DocumentFault(place, "not valid YAML: a value is missing");
    };
  }

  private static DocumentNode scalar(ScalarEvent event, Place place) {
    return event.isPlain() && ABSENT.contains(event.getValue())
        ? new Absent(place)
        : new Scalar(place, event.getValue());
  }

  private DocumentNode sequence(Place place, int depth) throws DocumentFault {
    List<DocumentNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return new Sequence(place, items);
  }

  private DocumentNode mapping(Place place, int depth) throws DocumentFault {
    List<Entry> entries = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      if (!(node(event, depth + 1) instanceof Scalar key)) {
        throw new DocumentFault(place(event), "a key that is no text (expected: a name)");
      }
      entries.add(new Entry(key.place(), key.text(), node(events.next(), depth + 1)));
    }
    return new Mapping(place, entries);
  }

  private static void refuseAnchorAndTag(Event event, Place place) throws DocumentFault {
    Optional<Anchor> anchor =
        event instanceof NodeEvent node && event.getEventId() != Event.ID.Alias
            ? node.getAnchor()
            : Optional.empty();
    if (anchor.isPresent()) {
      throw new DocumentFault(
          place, "the anchor &" + Shown.of(anchor.get().getValue()) + " (expected: no anchors)");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent start -> start.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()) {
      throw new DocumentFault(place, "the tag " + Shown.of(tag.get()) + " (expected: no tags)");
    }
  }

  private static Place place(Event event) {
    return event.getStartMark().map(YamlDocument::place).orElse(new Place(1, 1));
  }

  private static Place place(Mark mark) {
    return new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
