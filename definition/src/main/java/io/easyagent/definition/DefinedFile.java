package io.easyagent.definition;

import java.util.List;

/**
 * A file that the sidecar keeps for an agent.
 *
 * @param path relative to the agent's config folder; no {@code ..}
 * @param mode permission bits, for example 0640
 * @param validate the argument vector that must end with 0 before the file is replaced; empty: none
 */
public record DefinedFile(
    String path, int mode, Apply apply, List<String> validate, Source source) {

  public DefinedFile {
    validate = List.copyOf(validate);
  }

  /** Where the file's bytes come from. */
  public sealed interface Source {
    /** Verbatim. */
    record Content(String text) implements Source {}

    /** Rendered with the host's variables. */
    record Template(String text) implements Source {}
  }

  /** What a changed file asks of a running agent. */
  public sealed interface Apply {
    record Restart() implements Apply {}

    /**
     * @param name without SIG, for example HUP
     */
    record Signal(String name) implements Apply {}

    record Nothing() implements Apply {}
  }
}
