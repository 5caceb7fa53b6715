package io.easyagent.definition;

import java.util.List;

/** What became of a text: a definition, or all that is wrong with it. */
public sealed interface ParsedDefinition {
  record Valid(AgentDefinition definition) implements ParsedDefinition {}

  /**
   * @param errors in the order of the document; never empty
   */
  record Invalid(List<DefinitionError> errors) implements ParsedDefinition {
    public Invalid {
      errors = List.copyOf(errors);
    }
  }
}
