package io.easyagent.sidecar.prepare;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Whole environments of processes: nothing is inherited from the sidecar. */
public final class Environments {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  private Environments() {}

  /** PATH, HOME, USER, LOGNAME and LANG, and what was given over them. */
  public static Map<String, String> of(String user, Path home, Map<String, String> given)
      throws PrepareException {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", Programs.PATH);
    environment.put("HOME", home.toString());
    environment.put("USER", user);
    environment.put("LOGNAME", user);
    environment.put("LANG", "C.UTF-8");
    for (Map.Entry<String, String> entry : given.entrySet()) {
      if (!NAME.matcher(entry.getKey()).matches()) {
        throw new PrepareException(
            "environment: "
                + PathNames.shown(entry.getKey())
                + " (expected: letters, digits and underscores, no digit first)");
      }
      if (entry.getValue().indexOf('\0') >= 0) {
        throw new PrepareException(
            "environment: " + entry.getKey() + " (expected: a value without a zero byte)");
      }
      environment.put(entry.getKey(), entry.getValue());
    }
    return environment;
  }

  static Map<String, String> rendered(Map<String, String> given, Variables variables)
      throws PrepareException {
    Map<String, String> rendered = new TreeMap<>();
    for (Map.Entry<String, String> entry : given.entrySet()) {
      rendered.put(
          entry.getKey(),
          Template.render(
              entry.getValue(),
              variables,
              TemplateFormat.ARGUMENT,
              "environment." + PathNames.shown(entry.getKey())));
    }
    return rendered;
  }
}
