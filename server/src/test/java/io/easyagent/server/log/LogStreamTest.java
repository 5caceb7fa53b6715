package io.easyagent.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.log.LogStream.Next;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Every event in every state. */
class LogStreamTest {
  private static final LogEnd.Broken BROKEN = new LogEnd.Broken("gone");

  private final AtomicInteger forgotten = new AtomicInteger();
  private final LogStream stream = new LogStream(forgotten::incrementAndGet);
  private final FakeSender sender = new FakeSender();

  private static LogPart part(long offset) {
    return new LogPart(offset, offset + 1, new byte[] {'x'});
  }

  private Next next() throws InterruptedException {
    return stream.next(Duration.ZERO);
  }

  // ---- asked

  @Test
  void nothingComesBeforeTheHostCalls() throws Exception {
    assertEquals(new Next.Nothing(), next());
    assertFalse(stream.put(part(0)));
  }

  @Test
  void whatEndsBeforeTheHostCallsCannotBegin() throws Exception {
    stream.end(BROKEN);

    assertFalse(stream.begin(sender));
    assertEquals(new Next.Over(BROKEN), next());
  }

  @Test
  void whoLeavesBeforeTheHostCallsIsNotWaitedFor() {
    stream.close();

    assertFalse(stream.begin(sender));
    assertEquals(1, forgotten.get());
    assertEquals(List.of(), sender.stops);
  }

  // ---- flowing

  @Test
  void aStreamBeginsOnce() {
    assertTrue(stream.begin(sender));
    assertFalse(stream.begin(new FakeSender()));
  }

  @Test
  void theHostSendsOnePartForEachThatIsAskedFor() throws Exception {
    stream.begin(sender);
    assertTrue(stream.put(part(0)), "the first comes by itself");
    assertFalse(stream.put(part(1)), "nobody asked for a second");
    assertEquals(0, sender.asked.get());

    assertSame(0L, ((Next.Part) next()).part().offset());
    assertEquals(0, sender.asked.get(), "it is not asked for what nobody wants yet");
    assertEquals(new Next.Nothing(), next());
    assertEquals(1, sender.asked.get());
    assertEquals(new Next.Nothing(), next());
    assertEquals(1, sender.asked.get(), "it still owes that one");

    assertTrue(stream.put(part(1)));
    assertInstanceOf(Next.Part.class, next());
  }

  @Test
  void aPartWakesWhoWaits() throws Exception {
    stream.begin(sender);
    CompletableFuture<Next> read =
        CompletableFuture.supplyAsync(() -> {
          try {
            return stream.next(Duration.ofSeconds(30));
          } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
          }
        });

    stream.put(part(7));

    assertEquals(7, ((Next.Part) read.get()).part().offset());
  }

  @Test
  void whatHasComeIsReadBeforeTheEnd() throws Exception {
    stream.begin(sender);
    stream.put(part(0));
    stream.end(new LogEnd.Complete());

    assertInstanceOf(Next.Part.class, next());
    assertEquals(new Next.Over(new LogEnd.Complete()), next());
    assertEquals(0, sender.asked.get());
  }

  @Test
  void whoLeavesEndsTheHostsCall() {
    stream.begin(sender);
    stream.close();

    assertEquals(List.of("nobody reads it any more"), sender.stops);
    assertEquals(1, forgotten.get());
    assertFalse(stream.put(part(0)));
  }

  // ---- ended

  @Test
  void theFirstEndCounts() throws Exception {
    stream.begin(sender);
    stream.end(BROKEN);
    stream.end(new LogEnd.Complete());
    stream.stop(new LogEnd.Broken("later"));

    assertEquals(new Next.Over(BROKEN), next());
    assertFalse(stream.put(part(0)));
    assertFalse(stream.begin(sender));
    assertEquals(List.of(), sender.stops, "a call that is over is not ended again");
  }
}
