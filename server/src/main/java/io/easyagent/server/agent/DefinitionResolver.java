package io.easyagent.server.agent;

import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.PackageReference;
import io.easyagent.definition.ParsedDefinition;
import io.easyagent.definition.SecretReferences;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.artifact.PackageRepository;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the text of a definition into what is stored: checked, its package found. */
public final class DefinitionResolver {
  private final PackageRepository packages;
  private final SecretUse secrets;

  public DefinitionResolver(PackageRepository packages, SecretUse secrets) {
    this.packages = packages;
    this.secrets = secrets;
  }

  /**
   * @param source what places begin with, for example a file's name; empty for none
   * @throws RefusedException INVALID_DEFINITION with all that is wrong
   */
  public StoredDefinition resolve(String source, String text) {
    return switch (DefinitionTexts.parse(text)) {
      case ParsedDefinition.Valid valid -> resolve(source, valid.definition());
      case ParsedDefinition.Invalid invalid -> throw refused(source, invalid);
    };
  }

  /**
   * @throws RefusedException INVALID_DEFINITION when the repository does not have the package, or
   *     the agent may not use a secret
   */
  public StoredDefinition resolve(String source, AgentDefinition definition) {
    List<Refusal.Fault> faults = secretFaults(source, definition);
    if (!faults.isEmpty()) {
      throw refused(faults);
    }
    Optional<StoredDefinition.Archive> archive =
        definition.packageReference().map(reference -> require(source, reference));
    return new StoredDefinition(definition, archive);
  }

  private List<Refusal.Fault> secretFaults(String source, AgentDefinition definition) {
    Map<String, String> refusals =
        secrets.refusals(definition.name(), SecretReferences.names(definition));
    List<Refusal.Fault> faults = new ArrayList<>();
    for (SecretReferences.Reference reference : SecretReferences.of(definition)) {
      String refusal = refusals.get(reference.secret());
      if (refusal != null) {
        faults.add(new Refusal.Fault(prefix(source) + reference.path(), refusal));
      }
    }
    return faults;
  }

  private StoredDefinition.Archive require(String source, PackageReference reference) {
    return packages
        .find(reference.name(), reference.version())
        .map(found -> new StoredDefinition.Archive(found.sha256(), found.size(), found.signature()))
        .orElseThrow(() -> {
          String message =
              reference + " (expected: a package of the repository; see: easyagent package list)";
          return new RefusedException(
              new Refusal(
                  ErrorCode.INVALID_DEFINITION,
                  "package: " + message,
                  List.of(new Refusal.Fault(prefix(source) + "package", message))));
        });
  }

  private static RefusedException refused(String source, ParsedDefinition.Invalid invalid) {
    List<Refusal.Fault> faults =
        invalid.errors().stream()
            .map(error -> new Refusal.Fault(prefix(source) + error.place(), error.message()))
            .toList();
    return refused(faults);
  }

  private static RefusedException refused(List<Refusal.Fault> faults) {
    Refusal.Fault first = faults.getFirst();
    return new RefusedException(
        new Refusal(
            ErrorCode.INVALID_DEFINITION,
            first.place()
                + ": "
                + first.message()
                + (faults.size() > 1 ? " (and " + (faults.size() - 1) + " more)" : ""),
            faults));
  }

  private static String prefix(String source) {
    return source.isEmpty() ? "" : source + ":";
  }
}
