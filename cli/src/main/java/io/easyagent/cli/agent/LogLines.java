package io.easyagent.cli.agent;

import io.easyagent.api.LogPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes whole lines of the parts of an agent's output. For one thread. */
final class LogLines {
  /** A longer line is shown in pieces. */
  static final int LONGEST = 64 << 10;

  private final StringBuilder unfinished = new StringBuilder();
  private OptionalLong expected = OptionalLong.empty();

  /** What is to be shown. */
  sealed interface Item {
    /** Without its line feed. */
    record Text(String line) implements Item {}

    /** So many bytes were not kept. */
    record Missing(long bytes) implements Item {}

    /** The output was truncated; it goes on from its new beginning. */
    record Truncated() implements Item {}
  }

  List<Item> add(LogPart part) {
    List<Item> items = new ArrayList<>();
    expected.ifPresent(next -> {
      if (part.offset() != next) {
        finish().ifPresent(items::add);
        items.add(
            part.offset() > next ? new Item.Missing(part.offset() - next) : new Item.Truncated());
      }
    });
    expected = OptionalLong.of(part.next());
    String text = part.text();
    int begin = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
      unfinished.append(text, begin, end);
      items.add(line());
      begin = end + 1;
    }
    unfinished.append(text, begin, text.length());
    if (unfinished.length() >= LONGEST) {
      items.add(line());
    }
    return items;
  }

  /** What the last line has of it, when nothing more comes. */
  Optional<Item> finish() {
    return unfinished.isEmpty() ? Optional.empty() : Optional.of(line());
  }

  private Item line() {
    int length = unfinished.length();
    if (length > 0 && unfinished.charAt(length - 1) == '\r') {
      length--;
    }
    Item line = new Item.Text(unfinished.substring(0, length));
    unfinished.setLength(0);
    return line;
  }
}
