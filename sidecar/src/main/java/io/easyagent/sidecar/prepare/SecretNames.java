package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import java.util.Set;
import java.util.TreeSet;

/** The secrets that a definition names where it may: in templates and in the environment. */
public final class SecretNames {
  static final String PREFIX = "secret.";

  private SecretNames() {}

  public static Set<String> of(AgentDefinition definition) {
    Set<String> names = new TreeSet<>();
    definition.environment().values().forEach(text -> names.addAll(in(text)));
    for (DefinedFile file : definition.files()) {
      if (file.source() instanceof DefinedFile.Source.Template(String template)) {
        names.addAll(in(template));
      }
    }
    return names;
  }

  static Set<String> in(String text) {
    Set<String> names = new TreeSet<>();
    for (String variable : Template.variables(text)) {
      if (variable.startsWith(PREFIX)) {
        names.add(variable.substring(PREFIX.length()));
      }
    }
    return names;
  }
}
