package io.easyagent.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.Invocation.UsageException;
import io.easyagent.sidecar.local.AgentOrders;
import io.easyagent.sidecar.logstream.LogBegin;
import io.easyagent.sidecar.session.ServerAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:10:00Z");

  private static final String FINGERPRINT = "ab".repeat(32);

  @Test
  void enrolmentIsReadWhole() throws Exception {
    assertEquals(
        new Invocation.Enroll(
            new ServerAddress("a", 8890),
            FINGERPRINT,
            Optional.of(Path.of("/t")),
            Optional.of("web-1"),
            true,
            Optional.of(Path.of("/d"))),
        parse(
            "enroll --replace --server a:8890 --fingerprint "
                + FINGERPRINT
                + " --token-file /t --data /d --name web-1"));
    assertEquals(
        new Invocation.Enroll(
            new ServerAddress("a", 8890),
            FINGERPRINT,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty()),
        parse("enroll --server a:8890 --token-file - --fingerprint " + "AB:".repeat(31) + "AB"));
  }

  @Test
  void theOtherCommandsAreRead() throws Exception {
    assertEquals(
        new Invocation.Run(Optional.of(Path.of("/c")), Optional.of(Path.of("/d"))),
        parse("run --config /c --data /d"));
    assertEquals(new Invocation.ShowStatus(Optional.empty(), Optional.empty()), parse("status"));
    assertEquals(new Invocation.Reset(false, false, false, Optional.empty()), parse("reset"));
    assertEquals(
        new Invocation.Reset(true, true, true, Optional.of(Path.of("/d"))),
        parse("reset --stop-agents --purge --data /d --keep-packages"));
    assertEquals(
        new Invocation.ShutDown(Optional.empty(), Optional.of(Path.of("/d"))),
        parse("shutdown --data /d"));
    assertEquals(
        new Invocation.ReadDefinitions(Optional.of(Path.of("/c")), Optional.empty()),
        parse("reload --config /c"));
    assertEquals(
        new Invocation.TellAgent(
            AgentOrders.Order.RESTART, "a.b-1", Optional.empty(), Optional.of(Path.of("/d"))),
        parse("restart a.b-1 --data /d"));
    assertEquals(
        new Invocation.ShowLog(
            "a", new LogBegin.Tail(100), false, Optional.empty(), Optional.empty()),
        parse("logs a"));
    assertEquals(
        new Invocation.ShowLog(
            "a", new LogBegin.Tail(7), true, Optional.empty(), Optional.of(Path.of("/d"))),
        parse("logs a -f --tail 7 --data /d"));
    LogBegin tenMinutes =
        new LogBegin.Since(Instant.parse("2026-11-22T14:00:00Z"), OptionalInt.empty());
    assertEquals(
        new Invocation.ShowLog("a", tenMinutes, false, Optional.empty(), Optional.empty()),
        parse("logs a --since 10m"));
    assertEquals(
        new Invocation.ShowLog("a", tenMinutes, false, Optional.empty(), Optional.empty()),
        parse("logs a --since 2026-11-22T15:00:00+01:00"));
    assertEquals(
        new Invocation.ShowLog(
            "a",
            new LogBegin.Since(NOW, OptionalInt.of(7)),
            false,
            Optional.empty(),
            Optional.empty()),
        parse("logs a --tail 7 --since 0s"));
    assertEquals(new Invocation.ShowVersion(), parse("version"));
    assertEquals(new Invocation.ShowHelp(), parse("--help"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "begin|command: begin",
        "start|start: no agent",
        "stop --data /a|stop: --data",
        "restart a/b|restart: a/b",
        "restart a b|option: b",
        "logs|logs: no agent",
        "logs a --tail many|--tail: many (expected: 0 to 10000 lines)",
        "logs a --tail 10001|--tail: 10001",
        "logs a --since 1m --tail x|--tail: x",
        "logs a --since then|--since: then (expected: a duration like 10m, or a time like",
        "logs a --since 3651d|--since: 3651d (expected: at most 3650d ago)",
        "logs a --since 2026-11-22T14:30:00Z|--since: 2026-11-22T14:30:00Z (expected: a time that has come; it is 2026-11-22T14:10:00Z now)",
        "run --token x|option: --token",
        "run --config|--config: no value",
        "run --data /a --data /b|--data: given twice",
        "enroll --server a:1 --token-file -|--fingerprint: missing",
        "enroll --server a --token-file - --fingerprint x|--server: server address: a",
        "enroll --server a:1 --token-file - --fingerprint x|--fingerprint: x",
        "reset --all|option: --all",
        "reset --purge --purge|--purge: given twice",
        "version now|option: now",
      })
  void whatIsWrongIsSaid(String line, String message) {
    UsageException refusal = assertThrows(UsageException.class, () -> parse(line));
    assertTrue(refusal.getMessage().startsWith(message), refusal::getMessage);
  }

  @Test
  void aCommandIsNeeded() {
    assertThrows(UsageException.class, () -> Invocation.parse(List.of(), NOW));
  }

  private static Invocation parse(String line) throws UsageException {
    return Invocation.parse(List.of(line.split(" ")), NOW);
  }
}
