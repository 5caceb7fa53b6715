package io.easyagent.definition;

import java.util.regex.Pattern;

/**
 * What packages and versions may be called, and agents too. Such a name is safe as a name of a
 * folder.
 */
public final class Names {
  public static final String EXPECTED_NAME =
      "1 to 63 of a-z, 0-9, . and -, beginning with a letter or digit, without ..";
  public static final String EXPECTED_VERSION =
      "1 to 63 of letters, digits, . _ + ~ and -, beginning with a letter or digit, without ..";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,62}");

  private Names() {}

  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !text.contains("..");
  }

  public static boolean isVersion(String text) {
    return VERSION.matcher(text).matches() && !text.contains("..");
  }
}
