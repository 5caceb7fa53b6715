package io.easyagent.server.agent.definition;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.DefinitionWriter;
import io.easyagent.definition.ParsedDefinition;
import io.easyagent.fuzz.FuzzTarget;
import java.util.List;

/** Agent definitions: what is accepted is written and read back as the same. */
public final class DefinitionTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        """
        name: filebeat
        type: service
        package: filebeat@8.15.3
        user: beats
        command: ["{{package}}/filebeat", -e, -c, "{{config}}/filebeat.yml"]
        environment: {TZ: UTC}
        files:
          filebeat.yml:
            mode: "0640"
            apply: restart
            validate: ["{{package}}/filebeat", test, config, -c, "{{file}}"]
            template: |
              name: {{host.name}}
        ready: {http: "http://127.0.0.1:5066/", timeout: 90s}
        health: {tcp: "127.0.0.1:5066", interval: 15s, startPeriod: 20s, retries: 3, onFailure: restart}
        restart: {policy: always, backoff: 1s..5m, resetAfter: 10m, success: [143, TERM]}
        stop: {signal: TERM, grace: 30s}
        limits: {cpu: 1, memory: 512MiB, tasks: 128, openFiles: 65536, core: 0B, processes: 64}
        umask: "0027"
        nice: -5
        after: [database, queue]
        logs: {maxSize: 20MiB, keep: 5}
        """
            .getBytes(UTF_8),
        """
        {"name": "sleeper", "type": "oneshot", "user": "nobody", "command": ["/bin/sleep", "1"]}
        """
            .getBytes(UTF_8),
        """
        name: a
        user: u
        command: [/bin/x]
        ready: {line: "listening on {{host.name}}", timeout: 5s}
        """
            .getBytes(UTF_8),
        "{name: a, user: u, command: [/bin/x], ready: {delay: 5s}}".getBytes(UTF_8),
        """
        {name: a, user: u, command: [/bin/x], type: scheduled,
         schedule: {cron: "0 2 * * mon-fri", timezone: Europe/Berlin, jitter: 30s, overlap: queue, missed: once}}
        """
            .getBytes(UTF_8),
        "a: &a [*a]\nb: {<<: *a}".getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    if (DefinitionTexts.parse(new String(input, UTF_8)) instanceof ParsedDefinition.Valid valid) {
      AgentDefinition definition = valid.definition();
      String yaml = DefinitionWriter.yaml(definition);
      FuzzTarget.must(
          DefinitionTexts.requireValid(yaml).equals(definition), "another definition: " + yaml);
      String json = DefinitionTexts.json(definition).toString();
      FuzzTarget.must(
          DefinitionTexts.requireValid(json).equals(definition), "another definition: " + json);
    }
  }
}
