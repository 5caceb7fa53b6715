package io.easyagent.server.agent.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CommandLinesTest {
  private static Set<String> places(String definition) {
    return CommandLines.of(DefinitionTexts.requireValid(definition)).stream()
        .map(CommandLines.CommandLine::place)
        .collect(Collectors.toSet());
  }

  @Test
  void thePackagesOwnProgramIsNone() {
    assertEquals(
        Set.of(),
        places(
            """
            name: beat
            package: beat@1.0.0
            user: beats
            command: ["{{package}}/bin/beat", -c, "{{config}}/beat.yml"]
            files: {beat.yml: {content: "a: b"}}
            ready: {http: "http://127.0.0.1:5066/"}
            health: {tcp: "127.0.0.1:5066"}
            """));
  }

  @Test
  void everythingElseThatRunsIsOne() {
    assertEquals(
        Set.of(
            "command",
            "ready.command",
            "health.command",
            "preStart.command",
            "postStop.command",
            "files.beat.yml.validate",
            "install",
            "uninstall"),
        places(
            """
            name: beat
            package: beat@1.0.0
            user: beats
            command: [/bin/sh, -c, "{{package}}/bin/beat"]
            files: {beat.yml: {content: "a: b", validate: ["{{package}}/beat", test]}}
            ready: {command: ["{{package}}/ready"]}
            health: {command: [/bin/true]}
            preStart: {command: ["{{package}}/prepare"]}
            postStop: {command: ["{{package}}/clean"]}
            install: {script: "echo hi"}
            uninstall: {script: "echo bye"}
            """));
  }

  @Test
  void aProgramOutsideOfThePackageIsNotItsOwn() {
    for (String program : new String[] {"{{package}}/../../../bin/sh", "{{data}}/run", "/bin/sh"}) {
      assertEquals(
          Set.of("command"),
          places(
              """
              name: beat
              package: beat@1.0.0
              user: beats
              command: ["%s"]
              """
                  .formatted(program)),
          program);
    }
  }
}
