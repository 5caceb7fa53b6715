package io.easyagent.definition;

import io.easyagent.definition.DocumentNode.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects all that is wrong with a document, up to a bound. */
final class Findings {
  private static final int MOST = 100;

  private final List<DefinitionError> errors = new ArrayList<>();

  void add(Place place, String path, String message) {
    if (errors.size() < MOST) {
      errors.add(new DefinitionError(place.line(), place.column(), path, message));
    }
  }

  /** In the order of the document. */
  List<DefinitionError> errors() {
    return errors.stream()
        .sorted(
            Comparator.comparingInt(DefinitionError::line)
                .thenComparingInt(DefinitionError::column))
        .toList();
  }
}
