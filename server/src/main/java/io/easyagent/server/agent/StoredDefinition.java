package io.easyagent.server.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.PackageReference;
import io.easyagent.server.agent.definition.DefinitionTexts;
import java.util.Optional;

/**
 * A definition with what identifies its package's bytes: all that a host needs. Its text is {@code
 * {"definition": {…canonical…}, "archive": {"sha256": …, "size": …, "signature": …}}}.
 *
 * @param archive present exactly when the definition names a package
 */
public record StoredDefinition(AgentDefinition definition, Optional<Archive> archive) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /**
   * @param sha256 lower-case hexadecimal
   * @param size in bytes
   * @param signature lower-case hexadecimal, where somebody has made one
   */
  public record Archive(String sha256, long size, Optional<String> signature) {
    /** One that nobody has signed. */
    public Archive(String sha256, long size) {
      this(sha256, size, Optional.empty());
    }
  }

  public StoredDefinition {
    if (archive.isPresent() != definition.packageReference().isPresent()) {
      throw new IllegalArgumentException(
          "archive: "
              + archive
              + " (expected: one exactly when there is a package: "
              + definition.packageReference()
              + ")");
    }
  }

  public DefinitionText text() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("definition", DefinitionTexts.json(definition));
    archive.ifPresent(found -> {
      ObjectNode object =
          json.putObject("archive").put("sha256", found.sha256()).put("size", found.size());
      found.signature().ifPresent(signature -> object.put("signature", signature));
    });
    return new DefinitionText(
        definition.name(),
        definition.type(),
        definition.packageReference().map(PackageReference::toString),
        json.toString());
  }

  /**
   * @throws IllegalArgumentException when {@link #text} did not write it
   */
  public static StoredDefinition of(DefinitionText text) {
    JsonNode json = read(text);
    Optional<Archive> archive =
        Optional.ofNullable(json.get("archive"))
            .map(found ->
                new Archive(
                    found.path("sha256").asText(),
                    found.path("size").asLong(),
                    Optional.ofNullable(found.get("signature")).map(JsonNode::asText)));
    return new StoredDefinition(
        DefinitionTexts.requireValid(json.path("definition").toString()), archive);
  }

  /** The definition in its canonical form, without reading it as one. */
  public static JsonNode canonical(DefinitionText text) {
    return read(text).path("definition");
  }

  private static JsonNode read(DefinitionText text) {
    try {
      return MAPPER.readTree(text.json());
    } catch (JsonProcessingException fault) {
      throw new IllegalArgumentException("definition of " + text.name() + ": no JSON", fault);
    }
  }
}
