package io.easyagent.sidecar.wire;

import io.easyagent.definition.DefinitionParser;
import io.easyagent.definition.DocumentFormat;
import io.easyagent.definition.ParsedDefinition;
import io.easyagent.sidecar.agent.AgentDefinition;
import java.util.List;

/**
 * A definition that somebody has written on the host itself. It takes the way that every other
 * takes: read by the language's one parser, and then as if it had come from a server.
 */
public sealed interface WrittenDefinition {
  /** Bytes of one. */
  int MOST_BYTES = DefinitionParser.MOST_BYTES;

  record Valid(AgentDefinition definition) implements WrittenDefinition {}

  /**
   * @param faults each with its place, {@code 5:3 stop.signl: …}; never empty
   */
  record Invalid(List<String> faults) implements WrittenDefinition {
    public Invalid {
      faults = List.copyOf(faults);
    }
  }

  /**
   * @param text YAML
   */
  static WrittenDefinition read(String text) {
    return switch (DefinitionParser.parse(text, DocumentFormat.YAML)) {
      case ParsedDefinition.Invalid(var errors) ->
          new Invalid(
              errors.stream().map(error -> error.place() + ": " + error.message()).toList());
      case ParsedDefinition.Valid(var definition) when definition.packageReference().isPresent() ->
          new Invalid(
              List.of(
                  "package: "
                      + definition.packageReference().get()
                      + " (expected: none, with absolute commands: packages are the server's)"));
      case ParsedDefinition.Valid(var definition) -> {
        try {
          AgentDefinition read =
              DefinitionCodec.decode(
                  io.easyagent.definition.wire.DefinitionCodec.encode(definition));
          DefinitionCheck.check(read);
          yield new Valid(read);
        } catch (WireException refused) {
          yield new Invalid(List.of(String.valueOf(refused.getMessage())));
        }
      }
    };
  }
}
