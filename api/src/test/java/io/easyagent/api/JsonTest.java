package io.easyagent.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class JsonTest {
  @Test
  void instantsAreTextAndAbsentValuesAreLeftOut() throws JsonProcessingException {
    Event event =
        new Event(
            7,
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T00:00:00.5Z"),
            Optional.of(new UUID(0, 1)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "host-online",
            "connected");
    String written = Json.STRICT.writeValueAsString(event);
    assertEquals(
        """
        {"id":7,"receivedAt":"2026-01-01T00:00:00Z","occurredAt":"2026-01-01T00:00:00.500Z",\
        "hostId":"00000000-0000-0000-0000-000000000001","kind":"host-online","message":"connected"}\
        """,
        written);
    assertEquals(event, Json.STRICT.readValue(written, Event.class));
  }

  @Test
  void aMissingListOrMapIsEmptyAndAMissingOptionalToo() throws JsonProcessingException {
    assertEquals(
        new LabelChange(Map.of("role", "web"), List.of()),
        Json.STRICT.readValue("{\"set\":{\"role\":\"web\"}}", LabelChange.class));
    assertEquals(
        new LabelChange(Map.of(), List.of("role")),
        Json.STRICT.readValue("{\"set\":null,\"remove\":[\"role\"]}", LabelChange.class));
    Page<PackageVersion> page =
        Json.LENIENT.readValue("{\"total\":0}", new TypeReference<Page<PackageVersion>>() {});
    assertEquals(new Page<PackageVersion>(List.of(), Optional.empty(), 0), page);
  }

  @Test
  void aTextThatIsMissingInAnAnswerIsEmpty() throws JsonProcessingException {
    assertEquals(
        new Version("", "", "0a", "v2"),
        Json.LENIENT.readValue(
            "{\"fleetId\":null,\"generation\":\"0a\",\"apiVersion\":\"v2\"}", Version.class));
    Event event =
        Json.LENIENT.readValue(
            "{\"id\":1,\"receivedAt\":\"2026-01-01T00:00:00Z\",\"kind\":\"x\"}", Event.class);
    assertEquals(Optional.empty(), event.agent());
  }

  @Test
  void anUnknownKeyFailsARequestAndNotAnAnswer() throws JsonProcessingException {
    String text = "{\"set\":{},\"remove\":[],\"sett\":1}";
    assertThrows(
        JsonProcessingException.class, () -> Json.STRICT.readValue(text, LabelChange.class));
    assertEquals(
        new LabelChange(Map.of(), List.of()), Json.LENIENT.readValue(text, LabelChange.class));
  }

  @Test
  void statesAreWrittenAsPeopleReadThem() throws JsonProcessingException {
    assertEquals("\"backing-off\"", Json.STRICT.writeValueAsString(Agent.State.backingOff));
    assertEquals(
        Agent.State.backingOff, Json.STRICT.readValue("\"backing-off\"", Agent.State.class));
  }
}
