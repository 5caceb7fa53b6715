package io.easyagent.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.fleet.Selector.Requirement;
import io.easyagent.server.fleet.Selector.Subject;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorParserTest {
  private static final Subject ENV = new Subject.Label("env");

  @Test
  void readsEveryForm() {
    assertEquals(
        new Selector(
            List.of(
                new Requirement.In(new Subject.Label("role"), Set.of("web")),
                new Requirement.In(ENV, Set.of("a", "b")),
                new Requirement.Absent(new Subject.Label("canary")),
                new Requirement.In(new Subject.Fact("os"), Set.of("debian")))),
        SelectorParser.parse("role=web,env in (a,b),!canary,fact.os=debian"));
    assertEquals(
        new Selector(
            List.of(
                new Requirement.NotIn(ENV, Set.of("x")),
                new Requirement.NotIn(ENV, Set.of("y", "z")),
                new Requirement.Exists(ENV),
                new Requirement.Exists(ENV))),
        SelectorParser.parse(" env != x , env notin ( y , z ) , env , env exists "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "role=        | character 6: found the end (expected: a value)",
        "role=web,    | character 10: found the end (expected: the name of a label, or fact.NAME)",
        "env in a     | character 8: found 'a' (expected: '(')",
        "env in (a    | character 10: found the end (expected: ',' or ')')",
        "env like x   | character 5: found 'l' (expected: '=', '!=', 'in', 'notin', 'exists', ',' or the end)",
        "role=web)    | character 9: found ')' (expected: ',' or the end)",
        "=web         | character 1: found '=' (expected: the name of a label, or fact.NAME)",
        "fact.=web    | character 1: found 'f' (expected: the name of a label, or fact.NAME)",
      })
  void refusesAndNamesThePlace(String text, String message) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> SelectorParser.parse(text));
    assertEquals(ErrorCode.BAD_REQUEST, refused.refusal().code());
    assertEquals("selector, " + message, refused.refusal().message());
  }

  @Test
  void aBlankTextHasNoRequirement() {
    assertTrue(SelectorParser.parse(" ").requirements().isEmpty());
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThrows(RefusedException.class, () -> SelectorParser.parse("a".repeat(5000)));
    assertThrows(RefusedException.class, () -> SelectorParser.parse("a,".repeat(40) + "a"));
  }
}
