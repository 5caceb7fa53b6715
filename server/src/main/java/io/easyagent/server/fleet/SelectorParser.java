package io.easyagent.server.fleet;

import io.easyagent.server.fleet.Selector.Requirement;
import io.easyagent.server.fleet.Selector.Subject;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads selectors: requirements separated by commas, all of which must hold.
 *
 * <pre>
 * role=web   role!=web   env in (a,b)   env notin (a,b)   canary   canary exists   !canary
 * fact.os=debian
 * </pre>
 *
 * A blank text is the selector that matches nothing.
 */
public final class SelectorParser {
  private static final int LONGEST = 4096;
  private static final int MOST_REQUIREMENTS = 32;
  private static final int MOST_VALUES = 256;
  private static final String FACT = "fact.";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./-]{0,62}");
  private static final String WORD_CHARACTERS = "-_./:@+~";

  private final String text;
  private int position;

  private SelectorParser(String text) {
    this.text = text;
  }

  /**
   * @throws RefusedException BAD_REQUEST, naming the place and what was expected there
   */
  public static Selector parse(String text) {
    if (text.length() > LONGEST) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "selector: %d characters (expected: at most %d)".formatted(text.length(), LONGEST));
    }
    return text.isBlank() ? new Selector(List.of()) : new SelectorParser(text).selector();
  }

  private Selector selector() {
    List<Requirement> requirements = new ArrayList<>();
    do {
      requirements.add(requirement());
      skipBlanks();
    } while (take(","));
    if (position < text.length()) {
      throw expected("',' or the end");
    }
    if (requirements.size() > MOST_REQUIREMENTS) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "selector: %d requirements (expected: at most %d)"
              .formatted(requirements.size(), MOST_REQUIREMENTS));
    }
    return new Selector(requirements);
  }

  private Requirement requirement() {
    skipBlanks();
    if (take("!")) {
      return new Requirement.Absent(subject());
    }
    Subject subject = subject();
    skipBlanks();
    if (take("!=")) {
      return new Requirement.NotIn(subject, Set.of(value()));
    }
    if (take("==") || take("=")) {
      return new Requirement.In(subject, Set.of(value()));
    }
    if (atWord()) {
      return wordOperator(subject);
    }
    return new Requirement.Exists(subject);
  }

  private Requirement wordOperator(Subject subject) {
    int start = position;
    return switch (word()) {
      case "in" -> new Requirement.In(subject, values());
      case "notin" -> new Requirement.NotIn(subject, values());
      case "exists" -> new Requirement.Exists(subject);
      default -> {
        position = start;
        throw expected("'=', '!=', 'in', 'notin', 'exists', ',' or the end");
      }
    };
  }

  private Subject subject() {
    skipBlanks();
    int start = position;
    String name = word();
    boolean fact = name.startsWith(FACT);
    String bare = fact ? name.substring(FACT.length()) : name;
    if (!NAME.matcher(bare).matches()) {
      position = start;
      throw expected("the name of a label, or fact.NAME");
    }
    return fact ? new Subject.Fact(bare) : new Subject.Label(bare);
  }

  private Set<String> values() {
    skipBlanks();
    if (!take("(")) {
      throw expected("'('");
    }
    Set<String> values = new LinkedHashSet<>();
    do {
      values.add(value());
      skipBlanks();
    } while (take(","));
    if (!take(")")) {
      throw expected("',' or ')'");
    }
    if (values.size() > MOST_VALUES) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "selector: %d values (expected: at most %d)".formatted(values.size(), MOST_VALUES));
    }
    return values;
  }

  private String value() {
    skipBlanks();
    if (!atWord()) {
      throw expected("a value");
    }
    return word();
  }

  private String word() {
    int start = position;
    while (atWord()) {
      position += Character.charCount(text.codePointAt(position));
    }
    return text.substring(start, position);
  }

  private boolean atWord() {
    if (position >= text.length()) {
      return false;
    }
    int character = text.codePointAt(position);
    return Character.isLetterOrDigit(character) || WORD_CHARACTERS.indexOf(character) >= 0;
  }

  private boolean take(String token) {
    boolean found = text.startsWith(token, position);
    if (found) {
      position += token.length();
    }
    return found;
  }

  private void skipBlanks() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private RefusedException expected(String what) {
    String found =
        position < text.length()
            ? "'" + Character.toString(text.codePointAt(position)) + "'"
            : "the end";
    return new RefusedException(
        ErrorCode.BAD_REQUEST,
        "selector, character %d: found %s (expected: %s)".formatted(position + 1, found, what));
  }
}
