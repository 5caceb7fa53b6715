package io.easyagent.api.client;

import io.easyagent.api.Page;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A list that is fetched page by page while it is iterated. Every iteration asks the server anew;
 * what is added or removed meanwhile may or may not be seen, nothing else is missed or doubled.
 */
public final class Paged<T> implements Iterable<T> {
  /** The most that the server gives at once. */
  public static final int LARGEST_PAGE = 500;

  private final BiFunction<Integer, Optional<String>, Page<T>> fetch;

  /**
   * @param fetch gives the page of a size at a cursor
   */
  Paged(BiFunction<Integer, Optional<String>, Page<T>> fetch) {
    this.fetch = fetch;
  }

  /** One page; the first where there is no cursor. */
  public Page<T> page(int limit, Optional<String> cursor) {
    return fetch.apply(limit, cursor);
  }

  /** The first items as one page, as many as there are up to the number given. */
  public Page<T> collect(long atMost) {
    List<T> items = new ArrayList<>();
    Page<T> page = page((int) Math.clamp(atMost, 1, LARGEST_PAGE), Optional.empty());
    items.addAll(page.items());
    while (page.next().isPresent() && items.size() < atMost) {
      int wanted = (int) Math.clamp(atMost - items.size(), 1, LARGEST_PAGE);
      page = after(page, wanted);
      items.addAll(page.items());
    }
    List<T> bounded = items.size() > atMost ? items.subList(0, Math.toIntExact(atMost)) : items;
    return new Page<>(List.copyOf(bounded), page.next(), page.total());
  }

  private Page<T> after(Page<T> page, int limit) {
    Page<T> following = page(limit, page.next());
    if (following.next().isPresent() && following.next().equals(page.next())) {
      throw new UnexpectedAnswerException("the server's pages do not end: the same cursor twice");
    }
    return following;
  }

  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private Page<T> page = page(LARGEST_PAGE, Optional.empty());
      private Iterator<T> items = page.items().iterator();

      @Override
      public boolean hasNext() {
        while (!items.hasNext() && page.next().isPresent()) {
          page = after(page, LARGEST_PAGE);
          items = page.items().iterator();
        }
        return items.hasNext();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return items.next();
      }
    };
  }
}
