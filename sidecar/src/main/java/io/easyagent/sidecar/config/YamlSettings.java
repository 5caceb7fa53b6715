package io.easyagent.sidecar.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Settings in YAML, read strictly: every key is known and set once, and what is wrong is told with
 * its file and line.
 */
public final class YamlSettings {
  private final String name;

  private YamlSettings(String name) {
    this.name = name;
  }

  /** What follows a key. */
  public record Value(Node node) {}

  /**
   * @param name of the file, for messages
   * @return the file's keys with their values; none in an empty file
   */
  public static Map<String, Value> read(String name, String text, List<String> known)
      throws ConfigurationException {
    Optional<Node> root;
    try {
      root =
          new Compose(LoadSettings.builder().setLabel(name).setUseMarks(true).build())
              .composeString(text);
    } catch (YamlEngineException | IllegalArgumentException malformed) {
      // The second is how the library says that it knows no such escape or tag.
      throw new ConfigurationException(name + ": " + malformed.getMessage(), malformed);
    }
    return root.isEmpty()
        ? Map.of()
        : new YamlSettings(name).mapping(new Value(root.get()), "", known);
  }

  public static YamlSettings of(String name) {
    return new YamlSettings(name);
  }

  /**
   * @param prefix of the keys in messages, for example {@code server.}
   */
  public Map<String, Value> mapping(Value value, String prefix, List<String> known)
      throws ConfigurationException {
    if (!(value.node() instanceof MappingNode mapping)) {
      throw at(value, (prefix.isEmpty() ? "the file" : prefix) + ": expected keys and values");
    }
    Map<String, Value> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Value place = new Value(tuple.getKeyNode());
      String key = scalar(place, prefix + "key");
      if (!known.contains(key)) {
        throw at(
            place,
            "unknown key \""
                + prefix
                + key
                + "\" (nearest: \""
                + prefix
                + NearestKey.of(key, known)
                + "\")");
      }
      if (values.put(key, new Value(tuple.getValueNode())) != null) {
        throw at(place, "key \"" + prefix + key + "\" is set twice");
      }
    }
    return values;
  }

  public String scalar(Value value, String field) throws ConfigurationException {
    if (value.node() instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return scalar.getValue();
    }
    throw at(value, field + ": expected one value");
  }

  /** Empty when the list is. */
  public List<Value> list(Value value, String field) throws ConfigurationException {
    if (!(value.node() instanceof SequenceNode list)) {
      throw at(value, field + ": expected a list");
    }
    List<Value> elements = new ArrayList<>();
    list.getValue().forEach(node -> elements.add(new Value(node)));
    return elements;
  }

  public ConfigurationException at(Value value, String message) {
    String place =
        value.node().getStartMark().map(mark -> name + ":" + (mark.getLine() + 1)).orElse(name);
    return new ConfigurationException(place + ": " + message);
  }
}
