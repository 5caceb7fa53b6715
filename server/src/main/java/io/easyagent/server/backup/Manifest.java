package io.easyagent.server.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * What a backup says of itself: its first entry.
 *
 * @param schema version of the store's tables
 */
public record Manifest(
    Instant createdAt, String version, String fleet, String generation, String schema) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  byte[] encoded() throws IOException {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("createdAt", createdAt.toString());
    document.put("version", version);
    document.put("fleet", fleet);
    document.put("generation", generation);
    document.put("schema", schema);
    try {
      return MAPPER.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IOException(impossible);
    }
  }

  static Manifest decode(byte[] bytes) throws IOException {
    var document = MAPPER.readTree(bytes);
    try {
      return new Manifest(
          Instant.parse(document.path("createdAt").asText()),
          document.path("version").asText(),
          document.path("fleet").asText(),
          document.path("generation").asText(),
          document.path("schema").asText());
    } catch (DateTimeException malformed) {
      throw new IOException("manifest: " + malformed.getMessage(), malformed);
    }
  }
}
