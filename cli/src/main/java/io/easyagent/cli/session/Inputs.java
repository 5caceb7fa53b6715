package io.easyagent.cli.session;

import io.easyagent.definition.DurationText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads what was typed: files, durations, ids and pairs, each with a message that says what is
 * wrong.
 */
public final class Inputs {
  private Inputs() {}

  /** The text of a file, or of standard input for {@code -}. */
  public static String text(Session session, String option, String file, int limit) {
    try {
      if (file.equals("-")) {
        return session.console().readInput(limit);
      }
      Path path = Path.of(file);
      if (Files.isRegularFile(path) && Files.size(path) > limit) {
        throw CommandException.usage(
            option
                + ": "
                + file
                + " has "
                + Files.size(path)
                + " bytes (expected: at most "
                + limit
                + ")");
      }
      return Files.readString(path);
    } catch (NoSuchFileException missing) {
      throw CommandException.usage(option + ": " + file + " does not exist");
    } catch (CharacterCodingException binary) {
      throw CommandException.usage(option + ": " + file + " is not UTF-8 text");
    } catch (IOException failure) {
      throw CommandException.usage(
          option + ": " + file + " cannot be read: " + failure.getMessage());
    }
  }

  /** A length of time; it may be none. */
  public static Duration duration(String option, String text) {
    return DurationText.parse(text).orElseThrow(() -> noDuration(option, text, "a duration"));
  }

  /** Checks the form, and that it is some time at all; keeps the text. */
  public static Optional<String> checkedDuration(String option, Optional<String> text) {
    text.filter(given -> !duration(option, given).isPositive())
        .ifPresent(given -> {
          throw noDuration(option, given, "a duration above 0");
        });
    return text;
  }

  private static CommandException noDuration(String option, String text, String expected) {
    return CommandException.usage(
        option + ": \"" + text + "\" (expected: " + expected + " such as 30s, 15m or 1h30m)");
  }

  /** How many items are wanted at most. */
  public static long limit(long limit) {
    if (limit < 1) {
      throw CommandException.usage("--limit: " + limit + " (expected: 1 or more)");
    }
    return limit;
  }

  /** Whether the text has the form of a whole id. */
  public static boolean isId(String text) {
    return text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  }

  public static UUID id(String what, String text) {
    if (!isId(text)) {
      throw CommandException.usage(what + ": \"" + text + "\" (expected: a whole id)");
    }
    return UUID.fromString(text);
  }

  /** {@code key=value} pairs in their order. */
  public static Map<String, String> pairs(String option, List<String> pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw CommandException.usage(option + ": \"" + pair + "\" (expected: KEY=VALUE)");
      }
      map.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return map;
  }
}
