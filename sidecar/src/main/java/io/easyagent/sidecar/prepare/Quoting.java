package io.easyagent.sidecar.prepare;

import java.util.Locale;

/**
 * Follows a template's text and tells what a value must look like at the place that was reached.
 * See {@link TemplateFormat} for the rule.
 */
final class Quoting {
  private static final String WITH_A_MEANING = "\"'\\`$";

  private final TemplateFormat format;
  private final YamlPlace place = new YamlPlace();

  Quoting(TemplateFormat format) {
    this.format = format;
  }

  /** Text of the template that stands as it is. */
  void pass(char character) {
    place.pass(character);
  }

  /**
   * @param next the character after the variable; a line's end at the text's end
   * @param where for the message
   */
  String quote(Variables.Value value, char next, String where) throws PrepareException {
    return switch (format) {
      case JSON, YAML -> quoteStructured(value, next, where);
      case PLAIN -> requireWithout(value, WITH_A_MEANING, where);
      case ARGUMENT -> requireWithout(value, "", where);
    };
  }

  /** JSON is a part of YAML. */
  private String quoteStructured(Variables.Value value, char next, String where)
      throws PrepareException {
    YamlPlace.Kind kind = place.reach();
    if (place.uncertain().isPresent()) {
      throw new PrepareException(
          where + ": " + place.uncertain().get() + " (expected: before a variable)");
    }
    return switch (kind) {
      case DOUBLE_QUOTES -> {
        if (place.escaped()) {
          throw new PrepareException(where + ": a backslash before a variable (expected: none)");
        }
        yield jsonEscaped(value.text());
      }
      case SINGLE_QUOTES -> requireWithout(value, "", where).replace("'", "''");
      case COMMENT -> requireWithout(value, "", where);
      case BLOCK -> {
        if (place.opensBlock() && (value.text().isEmpty() || value.text().startsWith(" "))) {
          throw new PrepareException(
              where
                  + ": the value is empty or begins with a blank and cannot begin a block"
                  + " (expected: a line of text before it)");
        }
        place.passText();
        yield requireWithout(value, WITH_A_MEANING, where);
      }
      case PLAIN -> throw partOfAValue(where);
      case BEGINNING -> {
        boolean whole = place.mayBegin() && (YamlPlace.isBlank(next) || ",]}:".indexOf(next) >= 0);
        if (!whole) {
          throw partOfAValue(where);
        }
        place.passValue();
        yield '"' + jsonEscaped(value.text()) + '"';
      }
    };
  }

  private static PrepareException partOfAValue(String where) {
    return new PrepareException(
        where
            + ": the variable is a part of an unquoted value (expected: double quotes around the"
            + " whole value)");
  }

  private static String requireWithout(Variables.Value given, String refused, String place)
      throws PrepareException {
    String value = given.text();
    for (int index = 0; index < value.length(); index++) {
      char character = value.charAt(index);
      if (Character.isISOControl(character)
          || isUnsafe(character)
          || refused.indexOf(character) >= 0) {
        throw new PrepareException(
            place
                + ": the value "
                + given.shown()
                + " cannot be written safely here (expected: no control characters"
                + (refused.isEmpty() ? "" : ", quotes, backslashes, backticks or dollar signs")
                + ")");
      }
    }
    return value;
  }

  /** Ends a line for some readers, or cannot stand in a YAML file. */
  private static boolean isUnsafe(char character) {
    return character == '\u2028'
        || character == '\u2029'
        || character == '\ufffe'
        || character == '\uffff';
  }

  private static String jsonEscaped(String value) {
    StringBuilder escaped = new StringBuilder(value.length());
    for (int index = 0; index < value.length(); index++) {
      char character = value.charAt(index);
      if (character == '"' || character == '\\') {
        escaped.append('\\').append(character);
      } else if (Character.isISOControl(character)
          || isUnsafe(character)
          || character == '\ufeff') {
        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
      } else {
        escaped.append(character);
      }
    }
    return escaped.toString();
  }
}
