package io.easyagent.server.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.TokenRequest;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBodyTest {
  @Test
  void readsARecord() {
    BatchRequest request =
        read("{\"command\": {\"kind\": \"stop\", \"agent\": \"a\"}, \"targets\": {\"all\": true}}");

    assertEquals(Command.Kind.stop, request.command().kind());
    assertEquals(Optional.of(true), request.targets().all());
    assertEquals(Optional.empty(), request.timeout());
  }

  @Test
  void wordsAreWrittenWithDashes() {
    BatchRequest request =
        read("{\"command\": {\"kind\": \"upgrade-sidecar\", \"version\": \"2\"}, \"targets\": {}}");

    assertEquals(Command.Kind.upgradeSidecar, request.command().kind());
    assertEquals("upgrade-sidecar", request.command().kind().toString());
    assertEquals(Optional.of("2"), request.command().version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | BAD_REQUEST | no body",
        "'null' | BAD_REQUEST | null (expected: a JSON object)",
        "'{' | BAD_REQUEST | not valid JSON",
        "'{} {}' | BAD_REQUEST | ",
        "'[]' | BAD_REQUEST | expected: an object",
        "'{\"comand\": {}}' | UNKNOWN_KEY | comand: unknown key `comand` (did you mean `command`?)",
        "'{\"command\": {\"kind\": \"sart\"}}' | BAD_REQUEST | command.kind: sart (did you mean start?)",
        "'{\"command\": {\"kind\": \"x\"}}' | BAD_REQUEST | x (expected: one of install, configure,",
        "'{\"command\": {\"kind\": \"stop\"}}' | BAD_REQUEST | targets: missing",
        "'{\"targets\": {\"all\": \"true\"}}' | BAD_REQUEST | targets.all",
        "'{\"targets\": {\"hosts\": \"a\"}}' | BAD_REQUEST | targets.hosts: a value of another type (expected: a list)",
        "'{\"timeout\": \"1m\", \"timeout\": \"2m\"}' | BAD_REQUEST | Duplicate field",
      })
  void saysWhatIsWrongAndWhere(String body, ErrorCode code, String message) {
    Refusal refusal = refusal(body);

    assertEquals(code, refusal.code());
    assertTrue(message == null || refusal.message().contains(message), refusal.message());
  }

  @Test
  void namesThePlace() {
    Refusal refusal = refusal("{\n  \"targets\": {\"selectr\": \"a\"}\n}");

    assertEquals(
        "2:15 targets.selectr", refusal.faults().getFirst().place().replaceFirst(":\\d+", ":15"));
    assertTrue(refusal.message().contains("(did you mean `selector`?)"), refusal.message());
  }

  @Test
  void namesEveryMissingKey() {
    RefusedException refused =
        assertThrows(
            RefusedException.class, () -> JsonBody.read("{}".getBytes(UTF_8), TokenRequest.class));

    assertEquals(
        List.of("name", "role"),
        refused.refusal().faults().stream().map(Refusal.Fault::place).toList());
  }

  @Test
  void refusesNestingWithoutEnd() {
    for (String opening : List.of("[", "{\"targets\":")) {
      assertEquals(ErrorCode.BAD_REQUEST, refusal(opening.repeat(100_000)).code());
      String unknown = "{\"x\": " + opening.repeat(100_000);
      assertEquals(ErrorCode.Kind.INVALID, refusal(unknown).code().kind());
    }
  }

  private static BatchRequest read(String body) {
    return JsonBody.read(body.getBytes(UTF_8), BatchRequest.class);
  }

  private static Refusal refusal(String body) {
    return assertThrows(RefusedException.class, () -> read(body)).refusal();
  }
}
