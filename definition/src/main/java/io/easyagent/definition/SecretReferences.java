package io.easyagent.definition;

import io.easyagent.definition.DefinedFile.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which secrets a definition names, and where. Only templates and the environment may. */
public final class SecretReferences {
  /** Different secrets of one definition. */
  static final int MOST = 32;

  static final String PREFIX = "secret.";

  private SecretReferences() {}

  /**
   * @param path of the key, for example {@code environment.API_KEY}
   */
  public record Reference(String path, String secret) {}

  /** In the order of the definition. */
  public static List<Reference> of(AgentDefinition definition) {
    List<Reference> references = new ArrayList<>();
    definition.environment().forEach((name, text) -> add(references, "environment." + name, text));
    for (DefinedFile file : definition.files()) {
      if (file.source() instanceof Source.Template(String text)) {
        add(references, "files." + file.path() + ".template", text);
      }
    }
    return references;
  }

  public static Set<String> names(AgentDefinition definition) {
    Set<String> names = new TreeSet<>();
    of(definition).forEach(reference -> names.add(reference.secret()));
    return names;
  }

  private static void add(List<Reference> references, String path, String text) {
    Variables.secrets(text).forEach(secret -> references.add(new Reference(path, secret)));
  }
}
