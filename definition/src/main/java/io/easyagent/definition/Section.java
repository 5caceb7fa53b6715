package io.easyagent.definition;

import io.easyagent.definition.DocumentNode.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping with known keys. Unknown and repeated keys are noted when it is opened. */
final class Section {
  private final Found found;
  private final Map<String, Found> values;

  private Section(Found found, Map<String, Found> values) {
    this.found = found;
    this.values = values;
  }

  static Optional<Section> open(Found found, List<String> keys) {
    if (!(found.node() instanceof DocumentNode.Mapping mapping)) {
      return found.fault(
          found.kind() + " (expected: a mapping with the keys " + String.join(", ", keys) + ")");
    }
    Map<String, Found> values = new HashMap<>();
    for (Entry entry : mapping.entries()) {
      Found value = found.at(entry.value(), entry.key());
      if (!keys.contains(entry.key())) {
        value.findings().add(entry.place(), Shown.of(value.path()), unknown(value, entry, keys));
      } else if (values.putIfAbsent(entry.key(), value) != null) {
        value.findings().add(entry.place(), value.path(), "the key is given twice");
      }
    }
    return Optional.of(new Section(found, values));
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  <T> Optional<T> find(String key, Decoder<T> decoder) {
    Found value = values.get(key);
    return value == null ? Optional.empty() : decoder.decode(value);
  }

  <T> Optional<T> require(String key, Decoder<T> decoder) {
    if (!values.containsKey(key)) {
      return fault("the key `" + key + "` is missing");
    }
    return find(key, decoder);
  }

  /** Notes a fault of the section as a whole. */
  <T> Optional<T> fault(String message) {
    return found.fault(message);
  }

  private static String unknown(Found value, Entry entry, List<String> keys) {
    return "unknown key `"
        + Shown.of(value.path())
        + "` "
        + Nearest.find(entry.key(), keys)
            .map(nearest -> "(did you mean `" + nearest + "`?)")
            .orElse("(expected: one of " + String.join(", ", keys) + ")");
  }
}
