package io.easyagent.server.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What only a running server knows.
 *
 * @param obstacles why it is not ready; empty when it is
 * @param warnings what an operator should look at; it is ready all the same
 */
public record LiveStatus(
    String version,
    long pid,
    Instant startedAt,
    int hostPort,
    int operatorPort,
    List<String> obstacles,
    List<String> warnings) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public LiveStatus {
    obstacles = List.copyOf(obstacles);
    warnings = List.copyOf(warnings);
  }

  byte[] encoded() {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("version", version);
    document.put("pid", pid);
    document.put("startedAt", startedAt.toString());
    document.put("hostPort", hostPort);
    document.put("operatorPort", operatorPort);
    obstacles.forEach(document.putArray("obstacles")::add);
    warnings.forEach(document.putArray("warnings")::add);
    return document.toString().getBytes(StandardCharsets.UTF_8);
  }

  static LiveStatus decode(byte[] bytes) throws IOException {
    JsonNode document = MAPPER.readTree(bytes);
    try {
      return new LiveStatus(
          document.path("version").asText(),
          document.path("pid").asLong(),
          Instant.parse(document.path("startedAt").asText()),
          document.path("hostPort").asInt(),
          document.path("operatorPort").asInt(),
          texts(document.path("obstacles")),
          texts(document.path("warnings")));
    } catch (DateTimeException malformed) {
      throw new IOException("status: " + malformed.getMessage(), malformed);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
