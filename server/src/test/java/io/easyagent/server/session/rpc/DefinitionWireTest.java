package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A definition that was sent to a host is the same when another server adopts it from there. */
class DefinitionWireTest {
  private static void comesBack(String text) {
    StoredDefinition stored =
        new StoredDefinition(DefinitionTexts.requireValid(text), Optional.empty());
    assertEquals(
        Optional.of(stored.text()), AdoptionCodec.definition(CommandCodec.definition(stored)));
  }

  @Test
  void everyKeyComesBack() {
    comesBack(
        """
        name: filebeat
        type: service
        user: beats
        command: [/usr/bin/filebeat, -e]
        environment: {TZ: UTC}
        files:
          a.yml: {mode: "0640", apply: signal:HUP, validate: [/bin/test, "{{file}}"], template: "a: {{host.name}}"}
          b: {apply: none, content: "{{"}
        ready: {http: "http://127.0.0.1:5066/", timeout: 90s}
        health: {tcp: "127.0.0.1:5066", interval: 15s, startPeriod: 20s, retries: 3, onFailure: restart}
        restart: {policy: on-failure, backoff: 1s..5m, resetAfter: 10m, success: [3, 143, TERM]}
        stop: {signal: INT, grace: 10s}
        limits: {cpu: 1.5, memory: 512MiB, tasks: 128, openFiles: 65536, core: 0B, processes: 64}
        umask: "0000"
        nice: -5
        after: [database, queue]
        preStart: {command: [/usr/bin/prepare, "{{data}}"], timeout: 5s}
        postStop: {command: [/usr/bin/clean]}
        logs: {maxSize: 20MiB, keep: 5}
        install: {script: "echo hi", parameters: [a], timeout: 1m}
        uninstall: {script: "echo bye"}
        """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: oneshot",
        "{type: scheduled, schedule: {cron: '@daily'}}",
        "{type: scheduled, schedule: {cron: '*/5 2-4 * * mon-fri', timezone: Europe/Berlin,"
            + " jitter: 30s, overlap: queue, missed: once}}",
        "{type: scheduled, schedule: {cron: '0 0 1 1 *', overlap: replace}}",
        "ready: {command: [/bin/true]}",
        "ready: {delay: 1500ms}",
        "health: {tcp: 'a:1', onFailure: stop}",
        "ready: {line: 'started: {{host.name}}', timeout: 5s}"
      })
  void whatExcludesAnotherKeyComesBackToo(String line) {
    String lines = line.startsWith("{") ? line.substring(1, line.length() - 1) : line;
    comesBack("{name: a, user: u, command: [/bin/x], " + lines + "}");
  }
}
