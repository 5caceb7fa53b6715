package io.easyagent.server.query;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param next the cursor of the page after this one; empty on the last page
 * @param total how many items match in all
 */
public record Page<T>(List<T> items, Optional<String> next, long total) {
  public Page {
    items = List.copyOf(items);
  }

  public <R> Page<R> map(Function<? super T, ? extends R> mapper) {
    return new Page<>(items.stream().<R>map(mapper).toList(), next, total);
  }

  /**
   * A page out of the rows that a store found when it looked for one more than the limit.
   *
   * @param key of a row, that the next page begins after
   */
  public static <T> Page<T> of(
      List<T> found, PageRequest request, long total, Function<? super T, List<String>> key) {
    if (found.size() <= request.limit()) {
      return new Page<>(found, Optional.empty(), total);
    }
    List<T> items = found.subList(0, request.limit());
    return new Page<>(items, Optional.of(Cursor.encode(key.apply(items.getLast()))), total);
  }
}
