package io.easyagent.definition;

import java.util.List;

/** A YAML or JSON document as a tree that knows its places. Bounded in depth; no aliases. */
public sealed interface DocumentNode {
  Place place();

  /** Line and column, from 1 on. */
  record Place(int line, int column) {}

  /** A single value; numbers and booleans keep the text they were written with. */
  record Scalar(Place place, String text) implements DocumentNode {}

  record Absent(Place place) implements DocumentNode {}

  record Sequence(Place place, List<DocumentNode> items) implements DocumentNode {}

  record Mapping(Place place, List<Entry> entries) implements DocumentNode {}

  record Entry(Place place, String key, DocumentNode value) {}
}
