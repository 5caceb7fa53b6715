package io.easyagent.server.transport;

import io.easyagent.server.query.Page;
import java.util.function.Function;

/** Pages as the API writes them. */
public final class Pages {
  private Pages() {}

  public static <T, R> io.easyagent.api.Page<R> of(Page<T> page, Function<T, R> resource) {
    Page<R> mapped = page.map(resource);
    return new io.easyagent.api.Page<>(mapped.items(), mapped.next(), mapped.total());
  }
}
