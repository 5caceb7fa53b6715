package io.easyagent.simulator.control;

import io.easyagent.simulator.connection.Delivery;
import io.easyagent.simulator.connection.Manner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** One line of standard input. */
public sealed interface ControlCommand {
  String USAGE =
      """
        status                     the figures of this moment
        runs OPERATION             how often the operation's command was run
        manner normal|slow|silent HOSTS
                                   slow: stop reading; silent: nothing comes and goes, and no
                                   connection is closed; normal: as before
        deliver in-order|duplicated|reordered HOSTS
                                   how batches of events reach the server
        reconnect HOSTS            reset every connection at once
        skew SECONDS HOSTS         set the hosts' clocks so much ahead (negative: behind)
        flood EVENTS HOSTS         that many plain events of each host's first agent
        crash HOSTS                every agent's process ends by itself
        stop                       end, as the end of standard input does
      """;

  record Status() implements ControlCommand {}

  record Runs(UUID operation) implements ControlCommand {}

  record Behave(Manner manner, Hosts hosts) implements ControlCommand {}

  record Deliver(Delivery delivery, Hosts hosts) implements ControlCommand {}

  record Reconnect(Hosts hosts) implements ControlCommand {}

  record Skew(long seconds, Hosts hosts) implements ControlCommand {}

  record Flood(int events, Hosts hosts) implements ControlCommand {}

  record Crash(Hosts hosts) implements ControlCommand {}

  record Stop() implements ControlCommand {}

  /**
   * @throws IllegalArgumentException says what was wrong and what was expected
   */
  static ControlCommand parse(String line) {
    List<String> words = List.of(line.strip().split("\\s+"));
    String command = words.getFirst();
    return switch (command) {
      case "status" -> {
        require(words, 1, "status");
        yield new Status();
      }
      case "runs" -> {
        require(words, 2, "runs OPERATION");
        yield new Runs(UUID.fromString(words.get(1)));
      }
      case "manner" -> {
        require(words, 3, "manner normal|slow|silent HOSTS");
        yield new Behave(word(words.get(1), Manner.class), Hosts.parse(words.get(2)));
      }
      case "deliver" -> {
        require(words, 3, "deliver in-order|duplicated|reordered HOSTS");
        yield new Deliver(word(words.get(1), Delivery.class), Hosts.parse(words.get(2)));
      }
      case "reconnect" -> {
        require(words, 2, "reconnect HOSTS");
        yield new Reconnect(Hosts.parse(words.get(1)));
      }
      case "skew" -> {
        require(words, 3, "skew SECONDS HOSTS");
        yield new Skew(
            number(words.get(1), -1_000_000_000, 1_000_000_000), Hosts.parse(words.get(2)));
      }
      case "flood" -> {
        require(words, 3, "flood EVENTS HOSTS");
        yield new Flood(number(words.get(1), 1, 1_000_000), Hosts.parse(words.get(2)));
      }
      case "crash" -> {
        require(words, 2, "crash HOSTS");
        yield new Crash(Hosts.parse(words.get(1)));
      }
      case "stop" -> {
        require(words, 1, "stop");
        yield new Stop();
      }
      default ->
          throw new IllegalArgumentException(
              "command: "
                  + command
                  + " (expected: status, runs, manner, deliver, reconnect, skew, flood, crash or"
                  + " stop)");
    };
  }

  private static void require(List<String> words, int count, String usage) {
    if (words.size() != count) {
      throw new IllegalArgumentException(String.join(" ", words) + " (expected: " + usage + ")");
    }
  }

  private static <E extends Enum<E>> E word(String text, Class<E> words) {
    List<String> known = new ArrayList<>();
    for (E each : words.getEnumConstants()) {
      String word = each.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (word.equals(text)) {
        return each;
      }
      known.add(word);
    }
    throw new IllegalArgumentException(text + " (expected: " + String.join(", ", known) + ")");
  }

  private static int number(String text, int least, int most) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notNumber) {
      throw outOfRange(text, least, most);
    }
    throw outOfRange(text, least, most);
  }

  private static IllegalArgumentException outOfRange(String text, int least, int most) {
    return new IllegalArgumentException(text + " (expected: " + least + " to " + most + ")");
  }
}
