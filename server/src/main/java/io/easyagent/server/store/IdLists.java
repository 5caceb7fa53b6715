package io.easyagent.server.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Cuts what a statement is to have in an {@code IN (…)}: its bindings are limited in number. */
public final class IdLists {
  private static final int AT_ONCE = 500;

  private IdLists() {}

  /** The ids as texts, in lists that one statement takes each; none for none. */
  public static List<List<String>> of(Collection<?> ids) {
    List<String> texts = ids.stream().map(Object::toString).toList();
    List<List<String>> lists = new ArrayList<>();
    for (int start = 0; start < texts.size(); start += AT_ONCE) {
      lists.add(texts.subList(start, Math.min(texts.size(), start + AT_ONCE)));
    }
    return lists;
  }
}
