package io.easyagent.server.agent.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.definition.AgentDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionLevelTest {
  @Test
  void whatTheFirstSidecarsUnderstandIsOfTheFirstLevel() {
    assertFalse(
        DefinitionLevel.isSecond(
            DefinitionTexts.requireValid(
                DefinitionTextsTest.FILEBEAT.replaceFirst("logs: .*", ""))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "restart: {success: [143]} | true",
        "restart: {success: [0]} | false",
        "umask: '0077' | true",
        "umask: '0022' | false",
        "nice: 0 | true",
        "after: [b] | true",
        "logs: {maxAge: 7d} | true",
        "logs: {compress: true} | true",
        "logs: {maxSize: 1MiB, keep: 2, compress: false} | false",
        "limits: {core: 0B} | true",
        "limits: {processes: 5} | true",
        "limits: {openFiles: 1024} | false",
        "ready: {delay: 5s} | true",
        "ready: {line: up} | true",
        "ready: {command: [/bin/true]} | false",
        "health: {tcp: 'a:1', onFailure: stop} | true",
        "health: {tcp: 'a:1', onFailure: restart} | false",
      })
  void aLaterKeyIsOfTheSecondLevel(String line, boolean second) {
    AgentDefinition definition =
        DefinitionTexts.requireValid("name: a\nuser: u\ncommand: [/bin/x]\n" + line);

    assertEquals(second, DefinitionLevel.isSecond(definition));
    assertFalse(DefinitionLevel.isThird(definition));
  }

  @ParameterizedTest
  @ValueSource(strings = {"preStart: {command: [/bin/true]}", "postStop: {command: [/bin/true]}"})
  void hooksAreOfTheThirdLevel(String line) {
    AgentDefinition definition =
        DefinitionTexts.requireValid("name: a\nuser: u\ncommand: [/bin/x]\n" + line);

    assertTrue(DefinitionLevel.isThird(definition));
    assertFalse(DefinitionLevel.isSecond(definition));
  }

  @Test
  void aScheduleIsOfTheThirdLevel() {
    AgentDefinition definition =
        DefinitionTexts.requireValid(
            "name: a\nuser: u\ncommand: [/bin/x]\ntype: scheduled\nschedule: {cron: '@daily'}");

    assertTrue(DefinitionLevel.isThird(definition));
    assertFalse(DefinitionLevel.isSecond(definition));
  }
}
