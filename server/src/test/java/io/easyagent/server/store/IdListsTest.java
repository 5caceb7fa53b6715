package io.easyagent.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdListsTest {
  private static List<List<String>> lists(int ids) {
    return IdLists.of(IntStream.range(0, ids).boxed().toList());
  }

  @Test
  void everyIdIsThereOnceOrAsTheLastOfItsListAgain() {
    for (int ids : List.of(0, 1, 2, 3, 255, 256, 257, 512, 513, 1_300)) {
      List<String> all = lists(ids).stream().flatMap(list -> list.stream().distinct()).toList();
      assertEquals(IntStream.range(0, ids).mapToObj(String::valueOf).toList(), all);
    }
  }

  @Test
  void lengthsAreFew() {
    assertEquals(
        10,
        IntStream.rangeClosed(1, 2_000)
            .boxed()
            .flatMap(ids -> lists(ids).stream().map(List::size))
            .distinct()
            .count());
    assertEquals(List.of(512, 512, 512), lists(1_300).stream().map(List::size).toList());
    assertEquals(List.of("0", "1", "2", "2"), lists(3).getFirst());
  }
}
