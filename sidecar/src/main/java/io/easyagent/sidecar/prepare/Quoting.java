package io.easyagent.sidecar.prepare;

import java.util.Locale;

/**
 * Follows a template's text and tells what a value must look like at the place that was reached.
 * See {@link TemplateFormat} for the rule.
 */
final class Quoting {
  private enum Inside {
    NOTHING,
    DOUBLE_QUOTES,
    SINGLE_QUOTES,
    COMMENT
  }

  private static final String WITH_A_MEANING = "\"'\\`$";

  private final TemplateFormat format;
  private Inside inside = Inside.NOTHING;
  private boolean escaped;
  private char previous = '\n';
  private int line = 1;
  private int uncertainSince;

  Quoting(TemplateFormat format) {
    this.format = format;
  }

  /** Text of the template that stands as it is. */
  void pass(char character) {
    if (character == '\n') {
      endLine();
    } else if (format == TemplateFormat.JSON || format == TemplateFormat.YAML) {
      passInLine(character);
    }
    previous = character;
  }

  private void endLine() {
    if (uncertainSince == 0 && (inside == Inside.DOUBLE_QUOTES || inside == Inside.SINGLE_QUOTES)) {
      uncertainSince = line;
    }
    inside = Inside.NOTHING;
    escaped = false;
    line++;
  }

  private void passInLine(char character) {
    switch (inside) {
      case NOTHING -> open(character);
      case DOUBLE_QUOTES -> {
        if (escaped) {
          escaped = false;
        } else if (character == '\\') {
          escaped = true;
        } else if (character == '"') {
          inside = Inside.NOTHING;
        }
      }
      case SINGLE_QUOTES -> {
        if (character == '\'') {
          inside = Inside.NOTHING;
        }
      }
      case COMMENT -> {}
    }
  }

  /** In YAML a quote or hash within a plain value is a letter like any other. */
  private void open(char character) {
    boolean begins = Character.isWhitespace(previous) || "[{,:(\"'".indexOf(previous) >= 0;
    if (character == '"' && (begins || format == TemplateFormat.JSON)) {
      inside = Inside.DOUBLE_QUOTES;
    } else if (format == TemplateFormat.YAML && begins && character == '\'') {
      inside = Inside.SINGLE_QUOTES;
    } else if (format == TemplateFormat.YAML
        && Character.isWhitespace(previous)
        && character == '#') {
      inside = Inside.COMMENT;
    }
  }

  /**
   * @param next the character after the variable; a line's end at the text's end
   * @param place for the message
   */
  String quote(String value, char next, String place) throws PrepareException {
    String text =
        switch (format) {
          case JSON, YAML -> quoteStructured(value, next, place);
          case PLAIN -> requireWithout(value, WITH_A_MEANING, place);
          case ARGUMENT -> requireWithout(value, "", place);
        };
    previous = 'x';
    return text;
  }

  private String quoteStructured(String value, char next, String place) throws PrepareException {
    if (uncertainSince != 0) {
      throw new PrepareException(
          place
              + ": a quote opened in line "
              + uncertainSince
              + " is not closed there (expected: before a variable)");
    }
    return switch (inside) {
      case DOUBLE_QUOTES -> {
        if (escaped) {
          throw new PrepareException(place + ": a backslash before a variable (expected: none)");
        }
        yield jsonEscaped(value);
      }
      case SINGLE_QUOTES -> requireWithout(value, "", place).replace("'", "''");
      case COMMENT -> requireWithout(value, "", place);
      case NOTHING -> {
        boolean whole =
            (Character.isWhitespace(previous) || "[{,:".indexOf(previous) >= 0)
                && (Character.isWhitespace(next) || ",]}:".indexOf(next) >= 0);
        if (!whole) {
          throw new PrepareException(
              place
                  + ": the variable is a part of an unquoted value (expected: double quotes around"
                  + " the whole value)");
        }
        yield '"' + jsonEscaped(value) + '"';
      }
    };
  }

  private static String requireWithout(String value, String refused, String place)
      throws PrepareException {
    for (int index = 0; index < value.length(); index++) {
      char character = value.charAt(index);
      if (Character.isISOControl(character)
          || isLineSeparator(character)
          || refused.indexOf(character) >= 0) {
        throw new PrepareException(
            place
                + ": the value "
                + PathNames.shown(value)
                + " cannot be written safely here (expected: no control characters"
                + (refused.isEmpty() ? "" : ", quotes, backslashes, backticks or dollar signs")
                + ")");
      }
    }
    return value;
  }

  private static boolean isLineSeparator(char character) {
    return character == '\u2028' || character == '\u2029';
  }

  private static String jsonEscaped(String value) {
    StringBuilder escaped = new StringBuilder(value.length());
    for (int index = 0; index < value.length(); index++) {
      char character = value.charAt(index);
      if (character == '"' || character == '\\') {
        escaped.append('\\').append(character);
      } else if (Character.isISOControl(character)
          || isLineSeparator(character)
          || character == '\ufeff') {
        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
      } else {
        escaped.append(character);
      }
    }
    return escaped.toString();
  }
}
