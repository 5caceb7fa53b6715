package io.easyagent.server.agent.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.AgentType;
import io.easyagent.definition.DefinedFile;
import io.easyagent.definition.DefinitionError;
import io.easyagent.definition.DefinitionWriter;
import io.easyagent.definition.HealthCheck;
import io.easyagent.definition.Hook;
import io.easyagent.definition.Hooks;
import io.easyagent.definition.Limits;
import io.easyagent.definition.LogRule;
import io.easyagent.definition.PackageReference;
import io.easyagent.definition.ParsedDefinition;
import io.easyagent.definition.Probe;
import io.easyagent.definition.ProcessSettings;
import io.easyagent.definition.Readiness;
import io.easyagent.definition.RestartRule;
import io.easyagent.definition.Schedule;
import io.easyagent.definition.StopRule;
import io.easyagent.definition.SuccessfulEnds;
import io.easyagent.server.agent.StoredDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionTextsTest {
  static final String FILEBEAT =
      """
      name: filebeat
      type: service
      package: filebeat@8.15.3
      user: beats
      command: ["{{package}}/filebeat", -e, -c, "{{config}}/filebeat.yml", --path.data, "{{data}}"]
      environment: {TZ: UTC, PORT: 8080}
      files:
        filebeat.yml:
          mode: "0640"
          apply: signal:HUP
          validate: ["{{package}}/filebeat", test, config, -c, "{{file}}"]
          template: |
            name: {{host.name}}
            rack: {{label.rack}}
      ready: {http: "http://127.0.0.1:5066/", timeout: 90s}
      health: {http: "http://127.0.0.1:5066/", interval: 15s, startPeriod: 20s, retries: 3, onFailure: restart}
      restart: {policy: always, backoff: 1s..5m, resetAfter: 10m}
      stop: {signal: TERM, grace: 30s}
      limits: {cpu: 1, memory: 512MiB, tasks: 128, openFiles: 65536}
      logs: {maxSize: 20MiB, keep: 5, maxAge: 30d, compress: true}
      """;

  @Test
  void readsEveryKey() {
    AgentDefinition filebeat = valid(FILEBEAT);

    assertEquals("filebeat", filebeat.name());
    assertEquals(AgentType.SERVICE, filebeat.type());
    assertEquals(
        Optional.of(new PackageReference("filebeat", "8.15.3")), filebeat.packageReference());
    assertEquals("beats", filebeat.user());
    assertEquals("{{package}}/filebeat", filebeat.command().getFirst());
    assertEquals(Map.of("TZ", "UTC", "PORT", "8080"), filebeat.environment());
    assertEquals(
        List.of(
            new DefinedFile(
                "filebeat.yml",
                0640,
                new DefinedFile.Apply.Signal("HUP"),
                List.of("{{package}}/filebeat", "test", "config", "-c", "{{file}}"),
                new DefinedFile.Source.Template("name: {{host.name}}\nrack: {{label.rack}}\n"))),
        filebeat.files());
    assertEquals(
        Optional.of(
            new Readiness(new Probe.Http("http://127.0.0.1:5066/"), Duration.ofSeconds(90))),
        filebeat.ready());
    assertEquals(
        Optional.of(
            new HealthCheck(
                new Probe.Http("http://127.0.0.1:5066/"),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                3,
                HealthCheck.OnFailure.RESTART)),
        filebeat.health());
    assertEquals(
        new RestartRule(
            RestartRule.Policy.ALWAYS,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10)),
        filebeat.restart());
    assertEquals(new StopRule("TERM", Duration.ofSeconds(30)), filebeat.stop());
    assertEquals(
        new Limits(
            OptionalDouble.of(1),
            OptionalLong.of(512L << 20),
            OptionalLong.of(128),
            OptionalLong.of(65536),
            OptionalLong.empty(),
            OptionalLong.empty()),
        filebeat.limits());
    assertEquals(
        new LogRule(20L << 20, 5, Optional.of(Duration.ofDays(30)), true), filebeat.logs());
  }

  @Test
  void fillsInWhatIsLeftOut() {
    AgentDefinition small = valid("{name: a, type: oneshot, user: nobody, command: [/bin/true]}");

    assertEquals(RestartRule.Policy.NEVER, small.restart().policy());
    assertEquals(StopRule.DEFAULT, small.stop());
    assertEquals(Limits.NONE, small.limits());
    assertEquals(LogRule.DEFAULT, small.logs());
  }

  private static final String SCHEDULED = "name: a\nuser: u\ncommand: [/bin/x]\ntype: scheduled\n";

  @Test
  void readsASchedule() {
    AgentDefinition report =
        valid(
            SCHEDULED
                + "schedule: {cron: '*/5 2-4 * * 1-5', timezone: Europe/Berlin, jitter: 30s,"
                + " overlap: replace, missed: once}");
    assertEquals(AgentType.SCHEDULED, report.type());
    assertEquals(RestartRule.Policy.NEVER, report.restart().policy());
    assertEquals(
        Optional.of(
            new Schedule(
                "*/5 2-4 * * 1-5",
                "Europe/Berlin",
                Duration.ofSeconds(30),
                Schedule.Overlap.REPLACE,
                Schedule.Missed.ONCE)),
        report.schedule());
    assertEquals(report, valid(DefinitionWriter.yaml(report)));
    assertEquals(report, valid(DefinitionTexts.json(report).toString()));
  }

  @Test
  void fillsInWhatAScheduleLeavesOut() {
    AgentDefinition small = valid(SCHEDULED + "schedule: {cron: '@daily'}");
    assertTrue(
        DefinitionWriter.yaml(small)
            .endsWith(
                """
                schedule:
                  cron: '@daily'
                  timezone: UTC
                  jitter: 0s
                  overlap: skip
                  missed: skip
                """),
        DefinitionWriter.yaml(small));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schedule: {cron: '0 25 * * *'} | schedule.cron | character 3, hour: 25 (expected: 0 to 23",
        "schedule: {cron: '0 0 30 2 *'} | schedule.cron | 30 2 never comes (expected: a day that",
        "schedule: {cron: '* * * *'} | schedule.cron | 4 fields in * * * * (expected: 5, minute",
        "schedule: {cron: '@reboot'} | schedule.cron | @reboot (expected: @hourly, @daily,",
        "schedule: {timezone: UTC} | schedule | the key `cron` is missing",
        "schedule: {cron: '@daily', timezone: Europe/Berln} | schedule.timezone | (did you mean Europe/Berlin?)",
        "schedule: {cron: '@daily', timezone: '+02:00'} | schedule.timezone | +02:00 (expected: a time zone like",
        "schedule: {cron: '@daily', jitter: 2h} | schedule.jitter | 2h (expected: a duration from 0s to 1h)",
        "schedule: {cron: '@daily', overlap: kill} | schedule.overlap | kill (expected: one of skip, queue",
        "schedule: {cron: '@daily', missed: all} | schedule.missed | all (expected: one of skip, once)",
        "schedule: {cron: '@daily', at: x} | schedule.at | unknown key",
        "{schedule: {cron: '@daily'}, ready: {delay: 5s}} | ready | ready (expected: no ready, as the type",
        "{schedule: {cron: '@daily'}, health: {tcp: 'a:1'}} | health | health (expected: no health, as",
        "{schedule: {cron: '@daily'}, restart: {policy: always}} | restart.policy | always (expected: never, as",
        "{schedule: {cron: '@daily'}, restart: {policy: on-failure}} | restart.policy | on-failure (expected: never",
      })
  void whatIsNoScheduleIsRefused(String lines, String path, String message) {
    String more = lines.startsWith("{") ? lines.substring(1, lines.length() - 1) : lines;
    List<DefinitionError> errors =
        invalid("{name: a, user: u, command: [/bin/x], type: scheduled, " + more + "}");
    assertEquals(List.of(path), errors.stream().map(DefinitionError::path).toList());
    assertTrue(errors.getFirst().message().contains(message), errors::toString);
  }

  @Test
  void readsJsonWithTabsAndEscapes() {
    AgentDefinition agent =
        valid(
            "{\n\t\"name\": \"a\",\n\t\"user\": \"u\",\n\t\"command\": [\"\\/bin\\/x\","
                + " \"\\ud83d\\ude00\", 5]\n}");

    assertEquals(List.of("/bin/x", "\ud83d\ude00", "5"), agent.command());
  }

  @Test
  void readsBackTheCanonicalForms() {
    AgentDefinition filebeat = valid(FILEBEAT);

    assertEquals(filebeat, valid(DefinitionWriter.yaml(filebeat)));
    assertEquals(filebeat, valid(DefinitionTexts.json(filebeat).toString()));
    StoredDefinition stored =
        new StoredDefinition(
            filebeat, Optional.of(new StoredDefinition.Archive("ab".repeat(32), 7)));
    assertEquals(stored, StoredDefinition.of(stored.text()));
  }

  @Test
  void successIsASetOfEnds() {
    String text = "{name: a, user: u, command: [/x], restart: {success: %s}}";
    AgentDefinition agent = valid(text.formatted("[TERM, 143, 0, 3, 143]"));

    assertEquals(new SuccessfulEnds(List.of(3, 143), List.of("TERM")), agent.restart().success());
    assertEquals(agent, valid(DefinitionWriter.yaml(agent)));
    assertEquals(agent, valid(DefinitionTexts.json(agent).toString()));
    assertEquals(
        valid("{name: a, user: u, command: [/x]}"), valid(text.formatted("[0]")), "0 always is");
  }

  @Test
  void whatAProcessIsStartedWithIsReadBack() {
    AgentDefinition agent =
        valid(
            "{name: a, user: u, command: [/x], umask: 027, nice: -5, after: [c, b, c],"
                + " limits: {core: 0B, processes: 64}}");

    assertEquals(new ProcessSettings(027, OptionalInt.of(-5)), agent.process());
    assertEquals(List.of("b", "c"), agent.after());
    assertEquals(OptionalLong.of(0), agent.limits().core());
    assertEquals(OptionalLong.of(64), agent.limits().processes());
    assertEquals(agent, valid(DefinitionWriter.yaml(agent)));
    assertEquals(agent, valid(DefinitionTexts.json(agent).toString()));
  }

  @Test
  void hooksAreReadBack() {
    AgentDefinition agent =
        valid(
            "{name: a, user: u, command: [/x], preStart: {command: [/bin/p, '{{data}}'], timeout:"
                + " 5m}, postStop: {command: [/bin/c]}}");

    assertEquals(
        new Hooks(
            Optional.of(new Hook(List.of("/bin/p", "{{data}}"), Duration.ofMinutes(5))),
            Optional.of(new Hook(List.of("/bin/c"), Duration.ofSeconds(30)))),
        agent.hooks());
    assertEquals(agent, valid(DefinitionWriter.yaml(agent)));
    assertEquals(agent, valid(DefinitionTexts.json(agent).toString()));
    assertEquals(agent.hooks(), agent.withPackage(new PackageReference("b", "1")).hooks());
  }

  @Test
  void namesTheNearestKeyAndThePlace() {
    List<DefinitionError> errors =
        invalid(
            """
            name: a
            user: u
            command: [/bin/x]
            stop:
              signl: TERM
            """);

    assertEquals(
        List.of(
            new DefinitionError(
                5, 3, "stop.signl", "unknown key `stop.signl` (did you mean `signal`?)")),
        errors);
  }

  @Test
  void findsEverythingThatIsWrongAtOnce() {
    List<DefinitionError> errors =
        invalid(
            """
            name: Filebeat
            command: filebeat
            limits: {cpu: none, memory: 512MB}
            logs: {keep: 5, keep: 6}
            """);

    assertEquals(
        List.of("", "name", "command", "limits.cpu", "limits.memory", "logs.keep"),
        errors.stream().map(DefinitionError::path).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: a..b | name | a..b (expected: 1 to 63",
        "type: scheduled | '' | the key `schedule` is missing",
        "schedule: {cron: '@daily'} | schedule | a schedule (expected: none, as the type is not",
        "type: servce | type | servce (did you mean service?)",
        "package: filebeat | package | filebeat (expected: name@version",
        "package: a@../x | package | (expected: name@version",
        "user: | user | no value (expected: a text)",
        "user: [root] | user | a list (expected: a text)",
        "command: [] | command | 0 items (expected: 1 to 256)",
        "command: [ls] | command | the program ls (expected: an absolute path",
        "command: ['{{pakage}}/x'] | command[0] | unknown variable {{pakage}} (did you mean"
            + " {{package}}?)",
        "command: ['{{package}}/x'] | command[0] | expected: a definition with a package",
        "command: [/bin/x, '{{secret.key}}'] | command[1] | no secret in a command",
        "command: ['{{secret.key}}'] | command[0] | no secret in a command",
        "name: '{{secret.key}}' | name | (expected: 1 to 63",
        "user: '{{secret.key}}' | user | expected: a user name",
        "ready: {command: [/bin/x, '{{secret.key}}']} | ready.command[1] | no secret in a command",
        "health: {http: 'http://127.0.0.1/{{secret.key}}'} | health.http | no secret in a command",
        "install: {script: x, parameters: ['{{secret.key}}']} | install.parameters[0] | no secret"
            + " in a command",
        "files: {x: {content: a, validate: [/bin/x, '{{ secret.key }}']}} | files.x.validate[1] |"
            + " no secret in a command",
        "environment: {KEY: '{{secret.Key}}'} | environment.KEY | {{secret.Key}} (expected: secret."
            + " and a name",
        "environment: {KEY: '{{secret.}}'} | environment.KEY | expected: secret. and a name",
        "files: {x: {template: '{{secret.key}}', mode: '0644'}} | files.x | mode 0644 of a file"
            + " with a secret (expected: 0640 or less)",
        "files: {x: {template: '{{secret.key}}', mode: '0750'}} | files.x | mode 0750 of a file"
            + " with a secret (expected: 0640 or less)",
        "environment: {A: '{{'} | environment.A | {{ without a name and }}",
        "environment: {A: '{{a b}}'} | environment.A | {{ without a name and }}",
        "environment: {1X: a} | environment.1X | the key 1X (expected: letters, digits and _)",
        "environment: {A: '{{file}}'} | environment.A | unknown variable {{file}}",
        "files: {../x: {content: a}} | files.../x | without ..",
        "files: {/etc/x: {content: a}} | files./etc/x | without ..",
        "files: {x: {}} | files.x | exactly one of `content` and `template`",
        "files: {x: {content: a, template: b}} | files.x | exactly one of `content` and `template`",
        "files: {x: {content: a, mode: 4755}} | files.x.mode | 4755 (expected: permissions in"
            + " octal",
        "files: {x: {content: a, apply: reload}} | files.x.apply | reload (expected: restart, none"
            + " or signal:NAME",
        "ready: {timeout: 5s} | ready | exactly one of `http`, `tcp`, `command`, `delay` and"
            + " `line`",
        "ready: {line: up, delay: 5s} | ready | exactly one of `http`, `tcp`, `command`, `delay`"
            + " and `line`",
        "ready: {delay: 5s, timeout: 9s} | ready | no `timeout` is expected beside `delay`",
        "ready: {delay: 10ms} | ready.delay | 10ms (expected: a duration from 100ms to 1h)",
        "ready: {line: ''} | ready.line | (expected: 1 to 256 characters of one line of output)",
        "ready: {line: 'a {{secret.key}}'} | ready.line | no secret in a command",
        "health: {line: up} | health.line | unknown key `health.line`",
        "health: {interval: 5s} | health | exactly one of `http`, `tcp` and `command`",
        "ready: {http: 'ftp://x/'} | ready.http | expected: a URL of the host",
        "ready: {tcp: '127.0.0.1:70000'} | ready.tcp | 127.0.0.1:70000 (expected: host:port",
        "health: {tcp: 'a:1', interval: 0s} | health.interval | 0s (expected: a duration from 1s to"
            + " 1h)",
        "health: {tcp: 'a:1', retries: 1e9} | health.retries | 1e9 (expected: 1 to 100)",
        "restart: {backoff: 5m..1s} | restart.backoff | 5m..1s (expected: a range",
        "restart: {policy: sometimes} | restart.policy | sometimes (expected: one of always",
        "restart: {success: [256]} | restart.success[0] | 256 (expected: 0 to 255)",
        "restart: {success: [-1]} | restart.success[0] | -1 (expected: 0 to 255)",
        "restart: {success: [0, TREM]} | restart.success[1] | TREM (did you mean TERM?)",
        "restart: {success: [WINCH]} | restart.success[0] | WINCH (expected: one of TERM, INT",
        "restart: {success: 143} | restart.success | 143 (expected: a list)",
        "stop: {signal: SIGTERM} | stop.signal | SIGTERM",
        "stop: TERM | stop | TERM (expected: a mapping with the keys signal, grace)",
        "limits: {memory: 1KiB} | limits.memory | 1KiB (expected: a size from 1MiB to 16TiB)",
        "limits: {cpu: -1} | limits.cpu | -1 (expected: 0.01 to 1024.0)",
        "limits: {core: 1MB} | limits.core | 1MB (expected: a size from 0B to 16TiB)",
        "limits: {processes: 0} | limits.processes | 0 (expected: 1 to 4194304)",
        "umask: 1022 | umask | 1022 (expected: an octal mask",
        "umask: '0028' | umask | 0028 (expected: an octal mask",
        "after: [a] | after[0] | a (expected: other agents of the host)",
        "after: [b, B] | after[1] | B (expected: 1 to 63",
        "after: b | after | b (expected: a list)",
        "nice: -21 | nice | -21 (expected: -20 to 19)",
        "nice: 0x5 | nice | 0x5 (expected: -20 to 19)",
        "nice: high | nice | high (expected: -20 to 19)",
        "logs: {maxAge: 1s} | logs.maxAge | 1s (expected: a duration from 1m to 3650d)",
        "logs: {compress: maybe} | logs.compress | maybe (expected: one of true, false)",
        "preStart: [/bin/x] | preStart | a list (expected: a mapping with the keys command, timeout)",
        "preStart: {timeout: 5s} | preStart | the key `command` is missing",
        "preStart: {command: [x]} | preStart.command | the program x (expected: an absolute path",
        "preStart: {command: [/bin/x, '{{secret.key}}']} | preStart.command[1] | no secret in a command",
        "postStop: {command: []} | postStop.command | 0 items (expected: 1 to 256)",
        "postStop: {command: ['{{package}}/x']} | postStop.command[0] | expected: a definition with a package",
        "postStop: {command: [/x], timeout: 0s} | postStop.timeout | 0s (expected: a duration from 1s to 1h)",
        "postStop: {command: [/x], timeot: 1s} | postStop.timeot | (did you mean `timeout`?)",
        "prestart: {command: [/x]} | prestart | (did you mean `preStart`?)",
        "install: {timeout: 5m} | install | the key `script` is missing",
      })
  void saysWhatWasExpected(String line, String path, String message) {
    String base = "name: a\nuser: u\ncommand: [/bin/x]\n";
    String key = line.substring(0, line.indexOf(':'));
    String text =
        base.lines()
                .filter(other -> !other.startsWith(key + ":"))
                .reduce("", (all, next) -> all + next + "\n")
            + line
            + "\n";

    List<DefinitionError> errors = invalid(text);

    assertTrue(
        errors.stream()
            .anyMatch(error -> error.path().equals(path) && error.message().contains(message)),
        errors.toString());
  }

  @Test
  void fourBracesBeginNoVariable() {
    AgentDefinition agent =
        valid("{name: a, user: u, command: [/x, '{{{{ .Go }}', '{{{{{{host.name}}']}");

    assertEquals(List.of("/x", "{{{{ .Go }}", "{{{{{{host.name}}"), agent.command());
  }

  @Test
  void anOneshotIsNotRestartedForEver() {
    List<DefinitionError> errors =
        invalid("{name: a, type: oneshot, user: u, command: [/x], restart: {policy: always}}");

    assertEquals("restart.policy", errors.getFirst().path());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a: [' | not valid YAML",
        "'{\"a\": [' | not valid JSON",
        "'{\"a\": 1} {' | text after the end",
        "'' | an empty document",
        "'# only a comment' | an empty document",
        "'just text' | expected: a mapping with the keys",
        "'a: &x 1' | the anchor &x",
        "'a: *x' | an alias",
        "'a: !!binary eA==' | the tag",
        "'? [a]: b' | a key that is no text",
      })
  void refusesWhatIsNoDefinition(String text, String message) {
    assertTrue(
        invalid(text).getFirst().message().contains(message), () -> invalid(text).toString());
  }

  @Test
  void refusesASecondDocument() {
    assertTrue(
        invalid("name: a\n---\nname: b\n").getFirst().message().contains("a second document"));
  }

  @Test
  void boundsSizeAndDepth() {
    assertTrue(invalid("#".repeat(300_000)).getFirst().message().contains("300000 bytes"));
    assertTrue(invalid("[".repeat(50_000)).getFirst().message().contains("nested too deep"));
    assertTrue(
        invalid("{\"a\":" + "[".repeat(50_000)).getFirst().message().contains("nested too deep"));
    assertEquals(100, invalid("x: 1\n".repeat(500)).size());
  }

  static AgentDefinition valid(String text) {
    return switch (DefinitionTexts.parse(text)) {
      case ParsedDefinition.Valid valid -> valid.definition();
      case ParsedDefinition.Invalid invalid -> throw new AssertionError(invalid.errors());
    };
  }

  private static List<DefinitionError> invalid(String text) {
    return switch (DefinitionTexts.parse(text)) {
      case ParsedDefinition.Valid valid -> throw new AssertionError("valid: " + valid);
      case ParsedDefinition.Invalid invalid -> invalid.errors();
    };
  }
}
