package io.easyagent.cli.session;

import io.easyagent.api.Problem;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.ConnectionException;
import io.easyagent.api.client.ProblemException;
import io.easyagent.api.client.UnexpectedAnswerException;
import io.easyagent.cli.config.ConfigurationException;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import java.util.Optional;

/** Says what went wrong and what to do next, and with which exit status the program ends. */
public final class Failures {
  private static final int MOST_ERRORS = 20;

  private Failures() {}

  /** Writes the failure and gives the exit status. */
  public static int report(Console console, Throwable failure, boolean debug) {
    console.endLive();
    int status =
        switch (failure) {
          case CommandException command -> {
            say(console, text(command), command.next());
            yield command.exitStatus();
          }
          case ConfigurationException configuration -> {
            say(console, text(configuration), Optional.of(configuration.next()));
            yield ExitStatus.USAGE;
          }
          case ClientException client -> report(console, client);
          default -> {
            say(
                console,
                "unexpected: " + failure.getClass().getSimpleName() + ": " + text(failure),
                debug ? Optional.empty() : Optional.of("--debug shows where"));
            yield ExitStatus.FAILED;
          }
        };
    if (debug) {
      failure.printStackTrace(console.errorStream());
    }
    return status;
  }

  private static int report(Console console, ClientException failure) {
    return switch (failure) {
      case ProblemException problem -> report(console, problem.problem(), problem.getMessage());
      case UnexpectedAnswerException unexpected -> {
        say(
            console,
            unexpected.getMessage(),
            Optional.of("compare the versions: easyagent version"));
        yield ExitStatus.FAILED;
      }
      case ConnectionException connection -> {
        say(console, connection.getMessage(), Optional.of(next(connection.reason())));
        yield ExitStatus.UNREACHABLE;
      }
    };
  }

  private static String next(ConnectionException.Reason reason) {
    return switch (reason) {
      case unreachable ->
          "is the server running, and is that its address, with the port for operators (8889)?"
              + " (easyagent login)";
      case untrusted ->
          "nothing was sent; if the server was set up anew, log in with its new fingerprint";
      case interrupted -> "try again";
    };
  }

  private static int report(Console console, Problem problem, String message) {
    say(console, message, Optional.empty());
    problem.errors().stream()
        .filter(error -> problem.errors().size() > 1 || !message.contains(error.message()))
        .limit(MOST_ERRORS)
        .forEach(error -> console.note("  " + error.place() + ": " + error.message()));
    if (problem.errors().size() > MOST_ERRORS) {
      console.note("  and " + (problem.errors().size() - MOST_ERRORS) + " more");
    }
    next(problem).ifPresent(next -> console.note("  " + next));
    return exitStatus(problem);
  }

  private static Optional<String> next(Problem problem) {
    return switch (problem.code()) {
      case "unauthenticated" ->
          Optional.of("the token is wrong or has expired; log in with another: easyagent login");
      case "forbidden" -> Optional.of("what this token may do: easyagent token whoami");
      case "ambiguous" -> Optional.of("give more of the id");
      case "no-host-matches" -> Optional.of("which hosts there are: easyagent host list");
      case "too-many-requests", "unavailable" -> Optional.of("try again in a moment");
      case "internal" -> Optional.of("the server's log tells more");
      default -> Optional.empty();
    };
  }

  private static int exitStatus(Problem problem) {
    return switch (problem.code()) {
      case "unauthenticated", "forbidden" -> ExitStatus.NOT_ALLOWED;
      case "bad-request",
          "invalid-definition",
          "unknown-key",
          "ambiguous",
          "no-host-matches",
          "too-large" ->
          ExitStatus.USAGE;
      case "unavailable", "too-many-requests" -> ExitStatus.UNREACHABLE;
      case "not-found",
          "conflict",
          "idempotency-key-reused",
          "unsupported-by-host",
          "storage-full",
          "internal" ->
          ExitStatus.FAILED;
      default -> ofUnknownCode(problem.status());
    };
  }

  /** A newer server may have codes that this client does not know. */
  private static int ofUnknownCode(int httpStatus) {
    return switch (httpStatus) {
      case 401, 403 -> ExitStatus.NOT_ALLOWED;
      case 400, 422 -> ExitStatus.USAGE;
      case 429, 503 -> ExitStatus.UNREACHABLE;
      default -> ExitStatus.FAILED;
    };
  }

  private static void say(Console console, String message, Optional<String> next) {
    console.note(Line.of(Tint.bad, "error: ").add(message));
    next.ifPresent(text -> console.note("  " + text));
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
