package io.easyagent.server.operation.api;

import io.easyagent.definition.Shown;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What can be said of a sidecar.yaml without its host: that it is one YAML mapping, of bounded size
 * and depth. It is read from the parser's events, so that no text makes more of itself than it is.
 */
final class SidecarConfiguration {
  /** In UTF-8. */
  static final int MOST_BYTES = 64 << 10;

  private static final int MOST_DEPTH = 16;

  private int depth;
  private int documents;

  private SidecarConfiguration() {}

  /** What is wrong with the text, with the place and what was expected; empty: nothing. */
  static Optional<String> fault(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      return Optional.of("%d bytes (expected: at most %d)".formatted(bytes, MOST_BYTES));
    }
    SidecarConfiguration configuration = new SidecarConfiguration();
    LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
    try {
      for (Event event : new Parse(settings).parseString(text)) {
        Optional<String> fault = configuration.take(event);
        if (fault.isPresent()) {
          return fault.map(message -> at(event.getStartMark()) + message);
        }
      }
    } catch (MarkedYamlEngineException fault) {
      String context = fault.getContext();
      return Optional.of(
          at(fault.getProblemMark())
              + "not valid YAML: "
              + (context == null ? "" : context + ": ")
              + Shown.of(String.valueOf(fault.getProblem())));
    } catch (YamlEngineException | IllegalArgumentException fault) {
      // The second is how the library says that it knows no such escape or tag.
      return Optional.of("not valid YAML: " + Shown.of(String.valueOf(fault.getMessage())));
    }
    return configuration.documents == 0
        ? Optional.of("an empty document (expected: the keys of a sidecar.yaml)")
        : Optional.empty();
  }

  private Optional<String> take(Event event) {
    return switch (event.getEventId()) {
      case DocumentStart -> ++documents > 1 ? fails("a second document", "one") : Optional.empty();
      case MappingStart -> deeper(event);
      case SequenceStart -> depth == 0 ? noMapping("a list") : deeper(event);
      case Scalar -> depth == 0 ? noMapping("a single value") : anchor(event);
      case Alias -> fails("an alias", "the value itself");
      case MappingEnd, SequenceEnd -> {
        depth--;
        yield Optional.empty();
      }
      case StreamStart, StreamEnd, DocumentEnd, Comment -> Optional.empty();
    };
  }

  private Optional<String> deeper(Event event) {
    depth++;
    return depth > MOST_DEPTH
        ? fails("nested too deep", "at most " + MOST_DEPTH + " levels")
        : anchor(event);
  }

  private static Optional<String> anchor(Event event) {
    Optional<Anchor> anchor = event instanceof NodeEvent node ? node.getAnchor() : Optional.empty();
    return anchor.flatMap(
        found -> fails("the anchor &" + Shown.of(found.getValue()), "no anchors"));
  }

  private static Optional<String> noMapping(String found) {
    return fails(found, "the keys of a sidecar.yaml");
  }

  private static Optional<String> fails(String what, String expected) {
    return Optional.of(what + " (expected: " + expected + ")");
  }

  private static String at(Optional<Mark> mark) {
    return mark.map(place -> "%d:%d: ".formatted(place.getLine() + 1, place.getColumn() + 1))
        .orElse("");
  }
}
