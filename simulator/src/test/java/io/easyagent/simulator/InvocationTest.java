package io.easyagent.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.simulator.Invocation.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvocationTest {
  private static final List<String> LEAST =
      List.of("--hosts", "3", "--server", "127.0.0.1:8890", "--state", "state");

  private static Invocation parse(String more) throws UsageException {
    List<String> words = new ArrayList<>(LEAST);
    words.addAll(List.of(more.split(" ")));
    return Invocation.parse(words);
  }

  @Test
  void whatIsNotSaidIsUsual() throws UsageException {
    Invocation invocation = Invocation.parse(LEAST);
    assertEquals(3, invocation.hosts());
    assertEquals(5, invocation.agents());
    assertEquals(1_024, invocation.outputBytes());
    assertEquals(1 << 20, invocation.journalBytes());
    assertTrue(invocation.distinctOutput());
    assertTrue(invocation.enrolment().isEmpty());
    assertTrue(invocation.runFor().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--fingerprint 00",
        "--journal-kib 300",
        "--seconds soon",
        "--prefix ../x",
        "--hosts 4",
        "--log-level LOUD",
        "--nonsense",
        "--first"
      })
  void whatCannotBeIsRefused(String more) {
    assertThrows(UsageException.class, () -> parse(more));
  }

  @Test
  void theHelpNamesEveryOptionThatIsTaken() throws UsageException {
    var options = Pattern.compile("^  (--[a-z-]+)", Pattern.MULTILINE).matcher(Invocation.USAGE);
    int count = 0;
    while (options.find()) {
      count++;
      String option = options.group(1);
      String message =
          String.valueOf(
              assertThrows(UsageException.class, () -> Invocation.parse(List.of(option, "?", "?")))
                  .getMessage());
      assertTrue(!message.equals("unknown option " + option), message);
    }
    assertEquals(16, count);
  }
}
