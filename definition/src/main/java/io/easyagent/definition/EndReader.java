package io.easyagent.definition;

import static io.easyagent.definition.Decoders.choice;
import static io.easyagent.definition.Decoders.integer;
import static io.easyagent.definition.Decoders.list;

import java.util.List;
import java.util.Optional;

/** Reads lists of exit statuses and signals, like {@code [0, 143, TERM]}. */
final class EndReader {
  private static final int MOST = 64;

  private EndReader() {}

  private sealed interface End {
    record Status(int number) implements End {}

    record Signal(String name) implements End {}
  }

  static Optional<SuccessfulEnds> read(Found found) {
    return list(1, MOST, EndReader::end).decode(found).map(EndReader::of);
  }

  private static Optional<End> end(Found found) {
    boolean number =
        found.node() instanceof DocumentNode.Scalar scalar && scalar.text().matches("[0-9.+-].*");
    return number
        ? integer(0, 255).decode(found).map(End.Status::new)
        : choice(Words.ENDING_SIGNALS).decode(found).map(End.Signal::new);
  }

  private static SuccessfulEnds of(List<End> ends) {
    return new SuccessfulEnds(
        ends.stream()
            .filter(End.Status.class::isInstance)
            .map(end -> ((End.Status) end).number())
            .toList(),
        ends.stream()
            .filter(End.Signal.class::isInstance)
            .map(end -> ((End.Signal) end).name())
            .toList());
  }
}
