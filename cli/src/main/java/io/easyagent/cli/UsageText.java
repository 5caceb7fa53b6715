package io.easyagent.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line, as every message says it: what, the value, what was expected.
 */
final class UsageText {
  private static final Pattern NO_COMMAND = Pattern.compile("Missing required subcommand");
  private static final Pattern WORD =
      Pattern.compile(
          "Invalid value for option '([^']*)'.*: expected one of \\[(.*)] .* but was '(.*)'",
          Pattern.DOTALL);
  private static final Pattern NUMBER =
      Pattern.compile("Invalid value for option '([^']*)'.*: '(.*)' is not an? (?:int|long)");
  private static final Pattern NO_VALUE =
      Pattern.compile("Missing required parameter for option '([^']*)' at index \\d+ \\((.*)\\)");
  private static final Pattern MISSING =
      Pattern.compile("Missing required (?:parameter|option): '(.*)'");

  private UsageText() {}

  static String of(ParameterException wrong) {
    String message = String.valueOf(wrong.getMessage());
    return switch (wrong) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      default ->
          put(message, NO_COMMAND, "a command is missing (expected: " + oneOf(wrong) + ")")
              .or(() -> put(message, WORD, "$1: $3 (expected: one of $2)"))
              .or(() -> put(message, NUMBER, "$1: $2 (expected: a whole number)"))
              .or(() -> put(message, NO_VALUE, "$1: no value (expected: $2)"))
              .or(() -> put(message, MISSING, "$1: missing"))
              .orElse(message);
    };
  }

  private static Optional<String> put(String message, Pattern form, String said) {
    Matcher matcher = form.matcher(message);
    return matcher.matches() ? Optional.of(matcher.replaceFirst(said)) : Optional.empty();
  }

  private static String unmatched(UnmatchedArgumentException unmatched) {
    String first = unmatched.getUnmatched().getFirst();
    List<String> commands = commands(unmatched.getCommandLine());
    if (first.startsWith("-")) {
      return first + ": no such option" + nearest(unmatched, " (did you mean %s?)", "");
    }
    return commands.isEmpty()
        ? first + ": one word too many"
        : first
            + ": no such command"
            + nearest(unmatched, " (did you mean %s?)", " (expected: " + oneOf(unmatched) + ")");
  }

  private static String nearest(
      UnmatchedArgumentException unmatched, String said, String otherwise) {
    return unmatched.getSuggestions().stream().findFirst().map(said::formatted).orElse(otherwise);
  }

  private static String oneOf(ParameterException wrong) {
    return "one of " + String.join(", ", commands(wrong.getCommandLine()));
  }

  private static List<String> commands(CommandLine command) {
    return List.copyOf(command.getSubcommands().keySet());
  }
}
