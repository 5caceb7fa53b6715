package io.easyagent.server.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.server.problem.RefusedException;
import java.util.List;

/** Selectors: only a blank one asks for nothing. */
public final class SelectorTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        "role=web,fact.os!=debian".getBytes(UTF_8),
        "role in (web, db),!old".getBytes(UTF_8),
        "zone notin (a,b) , role".getBytes(UTF_8),
        "role=\"web 1\"".getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    String text = new String(input, UTF_8);
    try {
      Selector selector = SelectorParser.parse(text);
      FuzzTarget.must(
          selector.requirements().isEmpty() == text.isBlank(), "requirements of: " + text);
    } catch (RefusedException refused) {
      FuzzTarget.must(refused.refusal().message().length() < 1_000, "a message of any length");
    }
  }
}
