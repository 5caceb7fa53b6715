package io.easyagent.sidecar.config;

import io.easyagent.sidecar.session.Backoff;
import io.easyagent.sidecar.session.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads {@code sidecar.yaml}.
 *
 * <pre>
 * server:
 *   addresses: [easyagent-1:8890, easyagent-2:8890]   # else the one of the enrolment
 *   reconnect: 1s..15s                                # bounds of the wait after a broken session
 * data: /var/lib/easyagent-sidecar
 * log:
 *   level: info                                       # error, warning, info, debug
 * </pre>
 */
public final class ConfigurationFile {
  private static final long LARGEST = 1 << 20;
  private static final Map<String, Level> LEVELS =
      Map.of(
          "error", Level.SEVERE,
          "warning", Level.WARNING,
          "info", Level.INFO,
          "debug", Level.FINE);

  private static final Pattern RANGE =
      Pattern.compile("([0-9]{1,6})(ms|s|m)[.][.]([0-9]{1,6})(ms|s|m)");

  private final String name;

  private ConfigurationFile(String name) {
    this.name = name;
  }

  public static Configuration read(Path file) throws ConfigurationException {
    try {
      if (Files.size(file) > LARGEST) {
        throw new ConfigurationException(
            file + ": " + Files.size(file) + " bytes (expected: at most " + LARGEST + ")");
      }
      return read(file.toString(), Files.readString(file));
    } catch (IOException unreadable) {
      throw new ConfigurationException(file + ": cannot be read: " + unreadable, unreadable);
    }
  }

  static Configuration read(String name, String text) throws ConfigurationException {
    ConfigurationFile reading = new ConfigurationFile(name);
    Optional<Node> root;
    try {
      root =
          new Compose(LoadSettings.builder().setLabel(name).setUseMarks(true).build())
              .composeString(text);
    } catch (YamlEngineException | IllegalArgumentException malformed) {
      // The second is how the library says that it knows no such escape or tag.
      throw new ConfigurationException(name + ": " + malformed.getMessage(), malformed);
    }
    return root.isEmpty() ? Configuration.USUAL : reading.configuration(root.get());
  }

  private Configuration configuration(Node root) throws ConfigurationException {
    Map<String, Node> settings = mapping(root, "", List.of("server", "data", "log"));
    List<ServerAddress> addresses = new ArrayList<>();
    Backoff reconnect = Backoff.USUAL;
    if (settings.containsKey("server")) {
      Map<String, Node> server =
          mapping(settings.get("server"), "server.", List.of("addresses", "reconnect"));
      if (server.containsKey("addresses")) {
        addresses.addAll(addresses(server.get("addresses")));
      }
      if (server.containsKey("reconnect")) {
        reconnect = reconnect(server.get("reconnect"));
      }
    }
    Path data = Configuration.USUAL_DATA;
    if (settings.containsKey("data")) {
      Node node = settings.get("data");
      data = Path.of(scalar(node, "data"));
      if (!data.isAbsolute()) {
        throw at(node, "data: " + data + " (expected: an absolute path)");
      }
    }
    Level level = Level.INFO;
    if (settings.containsKey("log")) {
      Map<String, Node> log = mapping(settings.get("log"), "log.", List.of("level"));
      if (log.containsKey("level")) {
        level = level(log.get("level"));
      }
    }
    return new Configuration(addresses, reconnect, data, level);
  }

  private List<ServerAddress> addresses(Node node) throws ConfigurationException {
    if (!(node instanceof SequenceNode list) || list.getValue().isEmpty()) {
      throw at(node, "server.addresses: expected a list of HOST:PORT");
    }
    List<ServerAddress> addresses = new ArrayList<>();
    for (Node element : list.getValue()) {
      try {
        addresses.add(ServerAddress.parse(scalar(element, "server.addresses")));
      } catch (IllegalArgumentException malformed) {
        throw at(element, String.valueOf(malformed.getMessage()));
      }
    }
    return addresses;
  }

  private Backoff reconnect(Node node) throws ConfigurationException {
    String text = scalar(node, "server.reconnect");
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      throw at(node, "server.reconnect: " + text + " (expected: a range like 1s..15s)");
    }
    try {
      return new Backoff(
          duration(range.group(1), range.group(2)), duration(range.group(3), range.group(4)));
    } catch (IllegalArgumentException reversed) {
      throw at(node, "server.reconnect: " + reversed.getMessage());
    }
  }

  private static Duration duration(String number, String unit) {
    long count = Long.parseLong(number);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      default -> Duration.ofMinutes(count);
    };
  }

  private Level level(Node node) throws ConfigurationException {
    String text = scalar(node, "log.level");
    Level level = LEVELS.get(text);
    if (level == null) {
      throw at(node, "log.level: " + text + " (expected: error, warning, info or debug)");
    }
    return level;
  }

  private Map<String, Node> mapping(Node node, String prefix, List<String> known)
      throws ConfigurationException {
    if (!(node instanceof MappingNode mapping)) {
      throw at(node, (prefix.isEmpty() ? "the file" : prefix) + ": expected keys and values");
    }
    Map<String, Node> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = scalar(tuple.getKeyNode(), prefix + "key");
      if (!known.contains(key)) {
        throw at(
            tuple.getKeyNode(),
            "unknown key \""
                + prefix
                + key
                + "\" (nearest: \""
                + prefix
                + NearestKey.of(key, known)
                + "\")");
      }
      if (values.put(key, tuple.getValueNode()) != null) {
        throw at(tuple.getKeyNode(), "key \"" + prefix + key + "\" is set twice");
      }
    }
    return values;
  }

  private String scalar(Node node, String field) throws ConfigurationException {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return scalar.getValue();
    }
    throw at(node, field + ": expected one value");
  }

  private ConfigurationException at(Node node, String message) {
    String place = node.getStartMark().map(mark -> name + ":" + (mark.getLine() + 1)).orElse(name);
    return new ConfigurationException(place + ": " + message);
  }
}
