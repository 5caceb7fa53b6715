package io.easyagent.server.agent.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  @Test
  void equalTextsHaveNone() {
    assertEquals("", UnifiedDiff.between("a\nb\n", "a\nb\n"));
  }

  @Test
  void showsTheChangeWithThreeLinesAround() {
    assertEquals(
        """
        @@ -2,7 +2,7 @@
         2
         3
         4
        -5
        +five
         6
         7
         8
        """,
        UnifiedDiff.between(numbers(10, 5, "5"), numbers(10, 5, "five")));
  }

  @Test
  void everythingIsAddedToNothing() {
    assertEquals("@@ -0,0 +1,2 @@\n+a\n+b\n", UnifiedDiff.between("", "a\nb\n"));
  }

  @Test
  void changesFarApartAreTwoHunks() {
    String diff = UnifiedDiff.between("x\n" + numbers(20, 1, "1") + "y\n", numbers(20, 1, "1"));

    assertEquals("@@ -1,4 +1,3 @@\n-x\n 1\n 2\n 3\n@@ -19,4 +18,3 @@\n 18\n 19\n 20\n-y\n", diff);
  }

  @Test
  void theDiffOfAnyTwoTextsTurnsOneIntoTheOther() {
    Random random = new Random(42);
    for (int round = 0; round < 500; round++) {
      List<String> before = words(random);
      List<String> after = new ArrayList<>(before);
      for (int edit = random.nextInt(6); edit > 0; edit--) {
        int at = random.nextInt(after.size() + 1);
        if (random.nextBoolean() || at == after.size()) {
          after.add(at, "n" + random.nextInt(5));
        } else {
          after.remove(at);
        }
      }
      Collections.rotate(after, random.nextInt(2));
      assertEquals(after, apply(before, UnifiedDiff.between(text(before), text(after))));
    }
  }

  private static List<String> words(Random random) {
    return new ArrayList<>(
        IntStream.range(0, random.nextInt(30)).mapToObj(i -> "w" + random.nextInt(8)).toList());
  }

  private static String text(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  /** What {@code patch} would do. */
  private static List<String> apply(List<String> before, String diff) {
    List<String> after = new ArrayList<>();
    int position = 0;
    for (String line : diff.lines().toList()) {
      if (line.startsWith("@@")) {
        String[] range = line.substring(4, line.indexOf(" +")).split(",");
        int start = Integer.parseInt(range[0]) - (range[1].equals("0") ? 0 : 1);
        while (position < start) {
          after.add(before.get(position++));
        }
      } else if (line.startsWith("+")) {
        after.add(line.substring(1));
      } else {
        assertEquals(before.get(position++), line.substring(1));
        if (line.startsWith(" ")) {
          after.add(line.substring(1));
        }
      }
    }
    after.addAll(before.subList(position, before.size()));
    return after;
  }

  private static String numbers(int count, int replaced, String by) {
    StringBuilder text = new StringBuilder();
    for (int number = 1; number <= count; number++) {
      text.append(number == replaced ? by : number).append('\n');
    }
    return text.toString();
  }
}
