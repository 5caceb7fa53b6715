package io.easyagent.simulator.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.simulator.connection.Delivery;
import io.easyagent.simulator.connection.Manner;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCommandTest {

  @Test
  void everyCommandIsRead() {
    UUID operation = UUID.randomUUID();
    Hosts some = new Hosts(3, 17);
    assertEquals(new ControlCommand.Status(), ControlCommand.parse("status"));
    assertEquals(new ControlCommand.Runs(operation), ControlCommand.parse(" runs  " + operation));
    assertEquals(
        new ControlCommand.Behave(Manner.SILENT, some), ControlCommand.parse("manner silent 3-17"));
    assertEquals(
        new ControlCommand.Deliver(Delivery.IN_ORDER, Hosts.ALL),
        ControlCommand.parse("deliver in-order all"));
    assertEquals(
        new ControlCommand.Reconnect(new Hosts(5, 5)), ControlCommand.parse("reconnect 5"));
    assertEquals(new ControlCommand.Skew(-3600, some), ControlCommand.parse("skew -3600 3-17"));
    assertEquals(new ControlCommand.Flood(500, some), ControlCommand.parse("flood 500 3-17"));
    assertEquals(new ControlCommand.Crash(some), ControlCommand.parse("crash 3-17"));
    assertEquals(new ControlCommand.Stop(), ControlCommand.parse("stop"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status now",
        "runs 17",
        "manner rude all",
        "deliver late all",
        "reconnect",
        "reconnect 0",
        "reconnect 5-4",
        "reconnect 5-",
        "skew soon all",
        "flood 0 all",
        "flood 1000001 all",
        "explode"
      })
  void whatIsNotUnderstoodIsRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> ControlCommand.parse(line));
  }

  @ParameterizedTest
  @CsvSource({"all, 1, true", "all, 18000, true", "4-6, 3, false", "4-6, 6, true", "7, 8, false"})
  void hostsAreChosenByNumber(String hosts, int number, boolean chosen) {
    assertEquals(chosen, Hosts.parse(hosts).contains(number));
  }

  @Test
  void theHelpNamesEveryCommand() {
    for (String word :
        new String[] {
          "status", "runs", "manner", "deliver", "reconnect", "skew", "flood", "crash", "stop"
        }) {
      assertTrue(ControlCommand.USAGE.lines().anyMatch(line -> line.startsWith("  " + word)), word);
    }
  }

  @Test
  void anAnswerIsOneLineOfJson() {
    assertEquals(
        "{\"event\": \"done\", \"hosts\": 3, \"seconds\": 1.500, \"text\": \"a \\\"b\\\" \\\\ \\u000a\"}",
        Answer.of("done")
            .with("hosts", 3)
            .with("seconds", 1.5)
            .with("text", "a \"b\" \\ \n")
            .json());
  }
}
