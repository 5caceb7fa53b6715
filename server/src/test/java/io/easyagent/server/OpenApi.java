package io.easyagent.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The served document, and whether an answer is what it says. */
final class OpenApi {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

  final JsonNode document;
  private final Map<String, JsonSchema> schemas = new HashMap<>();
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  OpenApi(String yaml) {
    document = MAPPER.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }

  static OpenApi packaged() throws IOException {
    try (InputStream stream = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
      return new OpenApi(new String(stream.readAllBytes()));
    }
  }

  /** Every operation, by method and path: {@code GET /healthz}. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    document
        .path("paths")
        .fields()
        .forEachRemaining(path ->
            path.getValue()
                .fields()
                .forEachRemaining(method -> {
                  if (!METHODS.contains(method.getKey())) {
                    throw new AssertionError("not a method: " + method.getKey());
                  }
                  operations.put(
                      method.getKey().toUpperCase() + " " + path.getKey(), method.getValue());
                }));
    return operations;
  }

  Set<String> queryParameters(JsonNode operation) {
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter : operation.path("parameters")) {
      JsonNode resolved = resolve(parameter);
      if (resolved.path("in").asText().equals("query")) {
        names.add(resolved.path("name").asText());
      }
    }
    return names;
  }

  /** The operation that a request is for. */
  String operation(String method, String path) {
    String plain = path.replaceFirst("\\?.*", "");
    if (document.path("paths").path(plain).has(method.toLowerCase())) {
      return method + " " + plain;
    }
    for (Iterator<String> names = document.path("paths").fieldNames(); names.hasNext(); ) {
      String template = names.next();
      Pattern pattern = Pattern.compile(template.replaceAll("\\{[a-z]+}", "[^/]+"));
      if (pattern.matcher(plain).matches()
          && document.path("paths").path(template).has(method.toLowerCase())) {
        return method + " " + template;
      }
    }
    return "";
  }

  /** Fails when the answer is not one that the document describes. */
  void check(String operation, int status, String contentType, String body) throws IOException {
    JsonNode responses = operations().get(operation).path("responses");
    JsonNode response =
        resolve(
            responses.has(String.valueOf(status))
                ? responses.path(String.valueOf(status))
                : responses.path("default"));
    String what = operation + " " + status + " " + contentType;
    if (response.isMissingNode()) {
      throw new AssertionError("not described: " + what);
    }
    if (!response.has("content")) {
      if (!body.isEmpty()) {
        throw new AssertionError("a body where none is described: " + what);
      }
      return;
    }
    JsonNode content = response.path("content").path(contentType.replaceFirst(";.*", ""));
    if (content.isMissingNode()) {
      throw new AssertionError("another type of content: " + what);
    }
    if (contentType.contains("json")) {
      checkBody(content.path("schema").path("$ref").asText(), body, what);
    }
  }

  /** Fails when the text is not as the schema {@code #/components/schemas/…} says. */
  void checkBody(String reference, String body, String what) throws IOException {
    JsonSchema schema =
        schemas.computeIfAbsent(
            reference,
            name -> {
              ObjectNode root = MAPPER.createObjectNode();
              root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
              root.put("$ref", name);
              root.set("components", document.path("components"));
              return factory.getSchema(
                  root, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
            });
    Set<ValidationMessage> faults = schema.validate(MAPPER.readTree(body));
    if (!faults.isEmpty()) {
      throw new AssertionError(what + ": " + faults + " in " + body);
    }
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }
}
