package io.easyagent.definition;

import java.util.Optional;

/** A language that definitions are written in, as far as the tree of its documents. */
@FunctionalInterface
public interface DocumentFormat {
  DocumentFormat YAML = YamlDocument::read;

  /**
   * The only document of the text; empty when there is none. No deeper than {@link
   * DefinitionParser#MOST_DEPTH}.
   */
  Optional<DocumentNode> read(String text) throws DocumentFault;
}
