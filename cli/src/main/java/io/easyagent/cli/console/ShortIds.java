package io.easyagent.cli.console;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The beginnings of ids, long enough to be typed instead of them: of hosts, whose ids are random,
 * what tells the ids of one list apart; of batches and operations, whose ids begin with the time,
 * all of it and the server's counter.
 */
public final class ShortIds {
  private static final int SHORTEST = 8;
  private static final int WITH_TIME_AND_COUNTER = 18;
  private static final int TIME_ORDERED = 7;
  private static final int FULL = 36;

  private final int length;

  private ShortIds(int length) {
    this.length = length;
  }

  public static ShortIds of(Collection<UUID> ids) {
    Set<UUID> distinct = new HashSet<>(ids);
    boolean timeOrdered = distinct.stream().anyMatch(id -> id.version() == TIME_ORDERED);
    int length = timeOrdered ? WITH_TIME_AND_COUNTER : SHORTEST;
    while (length < FULL && collide(distinct, length)) {
      length++;
    }
    return new ShortIds(length);
  }

  private static boolean collide(Set<UUID> ids, int length) {
    Set<String> beginnings = new HashSet<>();
    return !ids.stream().allMatch(id -> beginnings.add(id.toString().substring(0, length)));
  }

  public String of(UUID id) {
    return id.toString().substring(0, length);
  }
}
