package io.easyagent.server.agent.definition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The difference of two texts in the unified form, three lines of context. */
public final class UnifiedDiff {
  private static final int CONTEXT = 3;

  /** Beyond as many edits the middle is shown as replaced as a whole: time and room are bounded. */
  private static final int MOST_EDITS = 500;

  private enum Kind {
    SAME(' '),
    REMOVED('-'),
    ADDED('+');

    private final char sign;

    Kind(char sign) {
      this.sign = sign;
    }
  }

  private record Line(Kind kind, String text) {}

  private UnifiedDiff() {}

  /** Empty when the texts are equal. An empty text has no lines. */
  public static String between(String before, String after) {
    if (before.equals(after)) {
      return "";
    }
    return hunks(lines(before.lines().toList(), after.lines().toList()));
  }

  private static List<Line> lines(List<String> before, List<String> after) {
    int head = 0;
    while (head < Math.min(before.size(), after.size())
        && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(before.size(), after.size()) - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    List<Line> lines = new ArrayList<>();
    before.subList(0, head).forEach(text -> lines.add(new Line(Kind.SAME, text)));
    lines.addAll(
        middle(
            before.subList(head, before.size() - tail), after.subList(head, after.size() - tail)));
    before
        .subList(before.size() - tail, before.size())
        .forEach(text -> lines.add(new Line(Kind.SAME, text)));
    return lines;
  }

  /**
   * Myers' greedy algorithm: furthest reaching paths by diagonal, kept for each number of edits.
   */
  private static List<Line> middle(List<String> before, List<String> after) {
    int most = Math.min(before.size() + after.size(), MOST_EDITS);
    List<int[]> trace = new ArrayList<>();
    int[] furthest = new int[2 * most + 3];
    for (int edits = 0; edits <= most; edits++) {
      trace.add(furthest.clone());
      for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
        int x = start(furthest, diagonal, edits, most + 1);
        int y = x - diagonal;
        while (x < before.size() && y < after.size() && before.get(x).equals(after.get(y))) {
          x++;
          y++;
        }
        furthest[most + 1 + diagonal] = x;
        if (x >= before.size() && y >= after.size()) {
          return path(before, after, trace, most + 1);
        }
      }
    }
    List<Line> replaced = new ArrayList<>();
    before.forEach(text -> replaced.add(new Line(Kind.REMOVED, text)));
    after.forEach(text -> replaced.add(new Line(Kind.ADDED, text)));
    return replaced;
  }

  private static int start(int[] furthest, int diagonal, int edits, int zero) {
    return comesFromAbove(furthest, diagonal, edits, zero)
        ? furthest[zero + diagonal + 1]
        : furthest[zero + diagonal - 1] + 1;
  }

  private static boolean comesFromAbove(int[] furthest, int diagonal, int edits, int zero) {
    return diagonal == -edits
        || (diagonal != edits && furthest[zero + diagonal - 1] < furthest[zero + diagonal + 1]);
  }

  private static List<Line> path(
      List<String> before, List<String> after, List<int[]> trace, int zero) {
    List<Line> reversed = new ArrayList<>();
    int x = before.size();
    int y = after.size();
    for (int edits = trace.size() - 1; edits > 0; edits--) {
      int[] furthest = trace.get(edits);
      int diagonal = x - y;
      boolean added = comesFromAbove(furthest, diagonal, edits, zero);
      int previousX = furthest[zero + diagonal + (added ? 1 : -1)];
      int previousY = previousX - (diagonal + (added ? 1 : -1));
      while (x > previousX && y > previousY) {
        reversed.add(new Line(Kind.SAME, before.get(--x)));
        y--;
      }
      if (added) {
        reversed.add(new Line(Kind.ADDED, after.get(--y)));
      } else {
        reversed.add(new Line(Kind.REMOVED, before.get(--x)));
      }
    }
    while (x > 0) {
      reversed.add(new Line(Kind.SAME, before.get(--x)));
    }
    Collections.reverse(reversed);
    return reversed;
  }

  private static String hunks(List<Line> lines) {
    StringBuilder text = new StringBuilder();
    int beforeLine = 1;
    int afterLine = 1;
    int index = 0;
    while (index < lines.size()) {
      int change = nextChange(lines, index);
      if (change == lines.size()) {
        break;
      }
      int from = Math.max(index, change - CONTEXT);
      beforeLine += from - index;
      afterLine += from - index;
      int to = endOfHunk(lines, change);
      List<Line> hunk = lines.subList(from, to);
      int before = count(hunk, Kind.ADDED);
      int after = count(hunk, Kind.REMOVED);
      text.append(header(beforeLine, before, afterLine, after));
      hunk.forEach(line -> text.append(line.kind().sign).append(line.text()).append('\n'));
      beforeLine += before;
      afterLine += after;
      index = to;
    }
    return text.toString();
  }

  private static String header(int beforeLine, int before, int afterLine, int after) {
    return "@@ -"
        + (before == 0 ? beforeLine - 1 : beforeLine)
        + ","
        + before
        + " +"
        + (after == 0 ? afterLine - 1 : afterLine)
        + ","
        + after
        + " @@\n";
  }

  private static int nextChange(List<Line> lines, int from) {
    int index = from;
    while (index < lines.size() && lines.get(index).kind() == Kind.SAME) {
      index++;
    }
    return index;
  }

  private static int endOfHunk(List<Line> lines, int change) {
    int lastChange = change;
    for (int index = change; index < lines.size() && index <= lastChange + 2 * CONTEXT; index++) {
      if (lines.get(index).kind() != Kind.SAME) {
        lastChange = index;
      }
    }
    return Math.min(lines.size(), lastChange + CONTEXT + 1);
  }

  /** How many lines of the hunk are in the text that has no lines of the given kind. */
  private static int count(List<Line> hunk, Kind absent) {
    return (int) hunk.stream().filter(line -> line.kind() != absent).count();
  }
}
