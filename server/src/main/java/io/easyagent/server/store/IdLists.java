package io.easyagent.server.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Cuts what a statement is to have in an {@code IN (…)}: its bindings are limited in number. A list
 * is filled up with its last id to the next power of two, which means the same and makes few texts
 * of one statement: they stay compiled.
 */
public final class IdLists {
  private static final int AT_ONCE = 512;

  private IdLists() {}

  /** The ids as texts, in lists that one statement takes each; none for none. */
  public static List<List<String>> of(Collection<?> ids) {
    List<String> texts = ids.stream().map(Object::toString).toList();
    List<List<String>> lists = new ArrayList<>();
    for (int start = 0; start < texts.size(); start += AT_ONCE) {
      lists.add(filled(texts.subList(start, Math.min(texts.size(), start + AT_ONCE))));
    }
    return lists;
  }

  private static List<String> filled(List<String> ids) {
    int whole = Integer.highestOneBit(2 * ids.size() - 1);
    List<String> filled = new ArrayList<>(ids);
    filled.addAll(Collections.nCopies(whole - ids.size(), ids.getLast()));
    return filled;
  }
}
