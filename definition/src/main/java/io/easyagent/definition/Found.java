package io.easyagent.definition;

import java.util.Optional;

/** A value of the document with its path: what a decoder reads and complains about. */
record Found(DocumentNode node, String path, Findings findings) {
  /** Notes the fault; always empty, for the decoder to return. */
  <T> Optional<T> fault(String message) {
    findings.add(node.place(), path, message);
    return Optional.empty();
  }

  Found at(DocumentNode child, String key) {
    return new Found(child, path.isEmpty() ? key : path + "." + key, findings);
  }

  Found at(DocumentNode child, int index) {
    return new Found(child, path + "[" + index + "]", findings);
  }

  /** What the node is, for messages. */
  String kind() {
    return switch (node) {
      case DocumentNode.Scalar scalar -> Shown.of(scalar.text());
      case DocumentNode.Absent _ -> "no value";
      case DocumentNode.Sequence _ -> "a list";
      case DocumentNode.Mapping _ -> "a mapping";
    };
  }
}
