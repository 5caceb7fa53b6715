package io.easyagent.server.operation.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.artifact.SidecarDistribution;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.Command.Exec.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A command as JSON. Equal commands have equal texts; what is written once is read for ever, so
 * fields are only added.
 */
final class CommandText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private CommandText() {}

  static String write(Command command) {
    ObjectNode json = MAPPER.createObjectNode();
    switch (command) {
      case Command.Install install -> {
        json.put("command", "install");
        definition(json, install.definition());
        json.put("start", install.start());
      }
      case Command.Configure configure -> {
        json.put("command", "configure");
        definition(json, configure.definition());
      }
      case Command.Start start -> json.put("command", "start");
      case Command.Stop stop -> json.put("command", "stop");
      case Command.Restart restart -> json.put("command", "restart");
      case Command.Uninstall uninstall ->
          json.put("command", "uninstall").put("purge", uninstall.purge());
      case Command.UpgradeSidecar upgrade ->
          distribution(json.put("command", "upgrade-sidecar"), upgrade.distribution());
      case Command.ConfigureSidecar configure ->
          json.put("command", "configure-sidecar").put("configuration", configure.configuration());
      case Command.Exec exec -> exec(json.put("command", "exec"), exec);
    }
    return json.toString();
  }

  private static void definition(ObjectNode json, DefinitionText definition) {
    ObjectNode node = json.putObject("definition");
    node.put("name", definition.name());
    node.put("type", definition.type().name());
    definition.packageReference().ifPresent(reference -> node.put("package", reference));
    node.put("json", definition.json());
  }

  private static void distribution(ObjectNode json, SidecarDistribution distribution) {
    json.putObject("distribution")
        .put("package", distribution.packageName())
        .put("version", distribution.version())
        .put("sha256", distribution.sha256())
        .put("size", distribution.size())
        .put("signature", distribution.signature());
  }

  private static void exec(ObjectNode json, Command.Exec exec) {
    switch (exec.work()) {
      case Work.Arguments arguments -> json.set("arguments", texts(arguments.command()));
      case Work.ShellScript script -> {
        json.put("script", script.script());
        json.set("parameters", texts(script.parameters()));
      }
    }
    exec.user().ifPresent(user -> json.put("user", user));
    json.set("environment", MAPPER.valueToTree(new TreeMap<>(exec.environment())));
  }

  private static JsonNode texts(List<String> texts) {
    return MAPPER.valueToTree(texts);
  }

  static Command read(String text) {
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("a stored command is no JSON", damaged);
    }
    String kind = json.path("command").asText();
    return switch (kind) {
      case "install" -> new Command.Install(definition(json), json.path("start").asBoolean());
      case "configure" -> new Command.Configure(definition(json), OptionalLong.empty());
      case "start" -> new Command.Start();
      case "stop" -> new Command.Stop();
      case "restart" -> new Command.Restart();
      case "uninstall" -> new Command.Uninstall(json.path("purge").asBoolean());
      case "exec" -> exec(json);
      case "upgrade-sidecar" -> new Command.UpgradeSidecar(distribution(json.path("distribution")));
      case "configure-sidecar" -> new Command.ConfigureSidecar(json.path("configuration").asText());
      default ->
          throw new IllegalStateException(
              "stored command: \"" + kind + "\" (expected: one that this server knows)");
    };
  }

  private static DefinitionText definition(JsonNode json) {
    JsonNode node = json.path("definition");
    return new DefinitionText(
        node.path("name").asText(),
        AgentType.valueOf(node.path("type").asText()),
        Optional.ofNullable(node.get("package")).map(JsonNode::asText),
        node.path("json").asText());
  }

  private static SidecarDistribution distribution(JsonNode json) {
    return new SidecarDistribution(
        json.path("package").asText(),
        json.path("version").asText(),
        json.path("sha256").asText(),
        json.path("size").asLong(),
        json.path("signature").asText());
  }

  private static Command.Exec exec(JsonNode json) {
    Work work =
        json.has("script")
            ? new Work.ShellScript(json.path("script").asText(), texts(json.path("parameters")))
            : new Work.Arguments(texts(json.path("arguments")));
    Map<String, String> environment = new TreeMap<>();
    json.path("environment")
        .properties()
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    return new Command.Exec(
        work, Optional.ofNullable(json.get("user")).map(JsonNode::asText), environment);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
