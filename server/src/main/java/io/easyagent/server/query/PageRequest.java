package io.easyagent.server.query;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.List;
import java.util.Optional;

/**
 * Which page of a list.
 *
 * @param limit 1 to 500
 * @param cursor the {@link Page#next} of the page before
 */
public record PageRequest(int limit, Optional<String> cursor) {
  public static final int MOST = 500;
  public static final int USUAL = 100;

  /**
   * @throws RefusedException BAD_REQUEST for a limit out of range
   */
  public PageRequest {
    if (limit < 1 || limit > MOST) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "limit: " + limit + " (expected: 1 to " + MOST + ")");
    }
  }

  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty());
  }

  /**
   * The key that the page begins after.
   *
   * @throws RefusedException BAD_REQUEST for a cursor that no page gave
   */
  public Optional<List<String>> after(int parts) {
    return cursor.map(text -> Cursor.decode(text, parts));
  }
}
