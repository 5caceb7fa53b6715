package io.easyagent.server.operation;

import io.easyagent.definition.DurationText;
import io.easyagent.definition.Shown;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.retention.Bound;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** What is said of a batch or an operation that is not there: its id tells how old it would be. */
public final class KeptFor {
  private final Bound bound;
  private final InstantSource clock;

  /**
   * @param bound that operations are kept within
   */
  public KeptFor(Bound bound, InstantSource clock) {
    this.bound = bound;
    this.clock = clock;
  }

  /**
   * @param what batch, or operation
   * @param reference an id, or its beginning
   */
  public RefusedException missing(String what, String reference) {
    Optional<Instant> made = IdMint.madeAt(reference);
    String kept =
        String.format(
            Locale.ROOT,
            "ended ones are kept for %s, and %,d operations at most",
            DurationText.format(bound.age()),
            bound.most());
    String message =
        "there is no "
            + what
            + " "
            + Shown.of(reference)
            + made.map(at -> told(at, kept)).orElse("");
    return new RefusedException(ErrorCode.NOT_FOUND, message);
  }

  private String told(Instant made, String kept) {
    return made.isBefore(bound.oldest(clock.instant()))
        ? " any more: it was made %s; %s".formatted(made.truncatedTo(ChronoUnit.SECONDS), kept)
        : " (" + kept + ")";
  }
}
