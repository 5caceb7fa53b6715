package io.easyagent.acceptance.chaos;

import io.easyagent.api.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An operation that was accepted, as the client has noted it.
 *
 * @param submitted when it was sent; all times are counted from the campaign's beginning
 * @param accepted when the answer came
 * @param from how many lines the host's witness had before it was submitted
 * @param ends what was said of its end, each word once, in the order in which it was heard
 */
record Order(
    UUID batch,
    String host,
    Deed deed,
    Duration submitted,
    Duration accepted,
    int from,
    List<End> ends) {

  /**
   * @param state empty: the server does not know the operation
   * @param to how many lines the host's witness had after it was heard
   */
  record End(
      Optional<Operation.State> state,
      String message,
      Optional<Integer> exitStatus,
      Duration heard,
      int to) {
    boolean is(Operation.State wanted) {
      return state.equals(Optional.of(wanted));
    }

    boolean saysTheSame(End other) {
      return state.equals(other.state) && exitStatus.equals(other.exitStatus);
    }

    @Override
    public String toString() {
      return "%s \"%s\"%s, heard at %s"
          .formatted(
              state.map(Enum::name).orElse("unknown to the server"),
              message,
              exitStatus.map(status -> " exit " + status).orElse(""),
              Moments.text(heard));
    }
  }

  Order {
    ends = List.copyOf(ends);
  }

  /** The first word of its end. */
  Optional<End> end() {
    return ends.stream().findFirst();
  }

  boolean isOpen() {
    return ends.isEmpty();
  }

  Order with(End end) {
    if (!ends.isEmpty() && ends.getLast().saysTheSame(end)) {
      return this;
    }
    List<End> more = new ArrayList<>(ends);
    more.add(end);
    return new Order(batch, host, deed, submitted, accepted, from, more);
  }

  Order of(Deed.Execution changed) {
    return new Order(batch, host, changed, submitted, accepted, from, ends);
  }

  @Override
  public String toString() {
    return "%s on %s, batch %s, submitted at %s, accepted at %s, ends %s"
        .formatted(deed, host, batch, Moments.text(submitted), Moments.text(accepted), ends);
  }
}
