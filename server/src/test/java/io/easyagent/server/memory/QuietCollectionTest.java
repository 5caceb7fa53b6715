package io.easyagent.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuietCollectionTest {
  private final FakeHeap heap = new FakeHeap();
  private final QuietCollection collection = new QuietCollection(heap);

  @Test
  void whatABurstHasLeftIsCollectedOnceItIsOver() {
    heap.becomes(300);
    look(Duration.ofSeconds(13));
    assertEquals(0, heap.collections);

    look(Duration.ofSeconds(12));
    assertEquals(1, heap.collections);
  }

  @Test
  void aHeapThatDoesNotGrowIsLeftAlone() {
    heap.becomes(120);
    look(Duration.ZERO);
    look(Duration.ZERO);
    assertEquals(0, heap.collections);
  }

  @Test
  void aHeapThatCannotShrinkIsNotCollectedAgainAndAgain() {
    heap.becomes(300);
    heap.afterCollection = 300;
    look(Duration.ZERO);
    look(Duration.ZERO);
    look(Duration.ZERO);
    assertEquals(1, heap.collections);

    heap.becomes(361);
    look(Duration.ZERO);
    assertEquals(2, heap.collections);
  }

  @Test
  void growthCountsFromWhatAnotherCollectionHasLeft() {
    heap.becomes(300);
    heap.afterCollection = 300;
    look(Duration.ZERO);
    heap.becomes(100);
    look(Duration.ZERO);
    heap.becomes(121);
    look(Duration.ZERO);
    assertEquals(2, heap.collections);
  }

  /** What the collection itself takes is not the server's work. */
  @Test
  void theCollectionDoesNotMakeTheMachineBusy() {
    heap.becomes(300);
    heap.collectionTakes = Duration.ofSeconds(60);
    look(Duration.ZERO);
    heap.becomes(300);
    look(Duration.ZERO);
    assertEquals(2, heap.collections);
  }

  @Test
  void theOwnHeapIsCollected() {
    Heap own = new OwnHeap(System::nanoTime);
    long before = collections();
    Duration processorTime = own.processorTime();
    own.collect();
    assertTrue(collections() > before);
    assertTrue(own.processorTime().compareTo(processorTime) > 0);
    assertTrue(own.size() > 0);
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  /** A minute later. */
  private void look(Duration worked) {
    heap.now = heap.now.plusSeconds(60);
    heap.processorTime = heap.processorTime.plus(worked);
    collection.run();
  }

  private static final class FakeHeap implements Heap {
    private long size = 100;
    private long afterCollection = 100;
    private Duration collectionTakes = Duration.ZERO;
    private Duration processorTime = Duration.ZERO;
    private Duration now = Duration.ZERO;
    private int collections;

    void becomes(long bytes) {
      size = bytes;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Duration processorTime() {
      return processorTime;
    }

    @Override
    public Duration now() {
      return now;
    }

    @Override
    public void collect() {
      collections++;
      size = afterCollection;
      processorTime = processorTime.plus(collectionTakes);
    }
  }
}
