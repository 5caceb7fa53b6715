package io.easyagent.api;

import java.util.List;
import java.util.Optional;

/**
 * Makes the agents of the matching hosts as the definitions say; removes nothing.
 *
 * @param definitions agent definitions
 * @param dryRun answer what would change, change nothing
 */
public record ApplyRequest(
    List<Source> definitions, Targets targets, Optional<String> timeout, Optional<Boolean> dryRun) {
  /**
   * @param name of the file, named in errors
   * @param text a YAML or JSON document
   */
  public record Source(String name, String text) {}
}
