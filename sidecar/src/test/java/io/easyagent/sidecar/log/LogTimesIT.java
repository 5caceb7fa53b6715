package io.easyagent.sidecar.log;

import static io.easyagent.sidecar.log.LoggingAgent.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.logstream.LogBegin;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real logs, real looks at them, and a clock that is set by hand: what was written since when. */
class LogTimesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final LogRule RULE = new LogRule(64 << 10, 100);
  private static final LogRule COMPRESSING = new LogRule(64 << 10, 100, Optional.empty(), true);

  @TempDir private Path folder;
  private LoggingAgent agent;

  /** Each who asks for the time takes a millisecond. */
  private final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.parse("2026-11-22T14:00:00Z"));

  @BeforeEach
  void make() {
    agent = new LoggingAgent(folder);
  }

  private Instant now() {
    return clock.updateAndGet(before -> before.plusMillis(1));
  }

  private LogKeeper keeper() {
    return new LogKeeper("boot", this::now, System::nanoTime);
  }

  private KeptOutput keep(LogKeeper keeper, LogRule rule) {
    KeptOutput output =
        keeper.keep(folder, LoggingAgent.NAME, rule, AgentPause.IMPOSSIBLE, () -> {});
    output.begin();
    return output;
  }

  /** Gives the moment before it was written; some time goes by first. */
  private Instant write(Duration later, String text) throws IOException {
    clock.updateAndGet(before -> before.plus(later));
    Instant moment = now();
    agent.append(text);
    return moment;
  }

  private Instant writeAndAwait(Duration later, String text) throws IOException {
    Instant moment = write(later, text);
    awaitMark();
    return moment;
  }

  private void awaitMark() {
    Eventually.await(PATIENCE, "it is noted", () -> newestMark() == agent.kept.end());
  }

  private long newestMark() throws IOException {
    return agent
        .files
        .times()
        .read()
        .flatMap(stored -> stored.marks().newest())
        .map(LogMark::offset)
        .orElse(0L);
  }

  private String since(Instant time) throws IOException {
    return since(time, OptionalInt.empty());
  }

  private String since(Instant time, OptionalInt tail) throws IOException {
    KeptLog log = KeptLog.of(folder, LoggingAgent.NAME);
    ByteBuffer bytes = ByteBuffer.allocate(10_000);
    StringBuilder text = new StringBuilder();
    long offset = new LogBegin.Since(time, tail).offset(log, log.end());
    while (log.read(offset, bytes.clear()) > 0) {
      text.append(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
      offset += bytes.position();
    }
    return text.toString();
  }

  private static void assertSame(String expected, String text) {
    LoggingAgent.assertSame(expected, text);
  }

  @Test
  void whatWasWrittenSinceIsFoundOverRotationsAndRestarts() throws Exception {
    Duration hour = Duration.ofHours(1);
    String first = numbers(1, 20_000);
    String second = numbers(20_001, 20_100);
    String third = numbers(20_101, 60_000);
    Instant begin;
    Instant atSecond;
    Instant atThird;
    try (LogKeeper keeper = keeper();
        KeptOutput _ = keep(keeper, RULE)) {
      begin = writeAndAwait(hour, first);
      atSecond = writeAndAwait(hour, second);
      atThird = writeAndAwait(hour, third);
      Eventually.await(PATIENCE, "it is rotated", () -> agent.names().size() >= 4);
    }
    String all = first + second + third;
    assertSame(all, since(begin));
    assertSame(second + third, since(atSecond));
    assertSame(second + third, since(atThird.minus(Duration.ofMinutes(1)).minus(hour)));
    assertSame(third, since(atThird));
    assertSame("59999\n60000\n", since(atThird, OptionalInt.of(2)));
    assertEquals("", since(now()));

    // While no sidecar looks: it begins where that went down.
    String alone = numbers(60_001, 60_100);
    Instant atAlone = write(hour, alone);
    assertSame(alone, since(atAlone));
    assertSame(alone, since(now()));
    String fifth = "half a ";
    Instant atFifth;
    try (LogKeeper keeper = keeper();
        KeptOutput _ = keep(keeper, COMPRESSING)) {
      awaitMark();
      atFifth = writeAndAwait(hour, fifth);
      Eventually.await(
          PATIENCE,
          "it is compressed",
          () -> agent.names().stream().allMatch(name -> name.endsWith(".gz")));
      assertEquals("", since(now().plus(hour)).replace(fifth, ""), "the line that is not ended");
      writeAndAwait(hour, "line\n");
    }
    assertSame(all + alone + fifth + "line\n", since(begin));
    assertSame(second + third + alone + fifth + "line\n", since(atSecond));
    assertSame(third + alone + fifth + "line\n", since(atThird));
    assertSame(alone + fifth + "line\n", since(atAlone));
    assertSame(fifth + "line\n", since(atFifth));
    // The line in which it begins is whole.
    assertSame(fifth + "line\n", since(atFifth.plus(Duration.ofMinutes(30))));
  }

  @Test
  void aClockThatIsSetBackAndAnAgentThatTruncatesNeverHideAnything() throws Exception {
    Duration hour = Duration.ofHours(1);
    try (LogKeeper keeper = keeper();
        KeptOutput _ = keep(keeper, RULE)) {
      Instant early = writeAndAwait(hour, "one\n");
      writeAndAwait(hour.multipliedBy(3), "two\n");
      Instant again = writeAndAwait(hour.multipliedBy(-2), "three\n");
      assertEquals("two\nthree\n", since(again));
      assertEquals("one\ntwo\nthree\n", since(early));

      try (FileChannel live = FileChannel.open(agent.files.live(), StandardOpenOption.WRITE)) {
        live.truncate(0);
      }
      // The head tells, too; before that the size does.
      Eventually.await(
          PATIENCE,
          "it is seen",
          () -> agent.files.state().find().orElseThrow().truncations() == 1);
      Instant anew = writeAndAwait(hour.multipliedBy(5), numbers(1, 40_000));
      assertSame(numbers(1, 40_000), since(anew));
      assertSame(numbers(1, 40_000), since(again));
      Instant last = writeAndAwait(hour, "last\n");
      assertEquals("last\n", since(last));
    }
  }

  /** Of a log that an earlier sidecar has kept, the rotated files have the only times. */
  @Test
  void withoutAnyNoteTheRotatedFilesTell() throws Exception {
    agent.append(numbers(1, 20_000));
    agent.tend(RULE);
    Instant between = Instant.now().plusSeconds(2);
    Files.setLastModifiedTime(
        folder.resolve(agent.names().getLast()), FileTime.from(between.minusSeconds(30)));
    assertSame(agent.read(), since(between.minusSeconds(3600)));
    String left = agent.read().substring((int) agent.files.layout().state().liveStart());
    assertSame(left, since(between));
    assertTrue(left.length() < 64 << 10);
  }

  @Test
  void aStateThatWasLostTakesTheTimesWithIt() throws Exception {
    try (LogKeeper keeper = keeper();
        KeptOutput _ = keep(keeper, RULE)) {
      writeAndAwait(Duration.ofHours(1), "one\n");
    }
    Files.delete(folder.resolve(".a.log.state"));
    assertEquals("one\n", since(now()));
    agent.tend(RULE);
    assertEquals("one\n", since(now()));
  }

  /** The real clock, and one more process that reads; design.md: kill -9 at any moment. */
  @Test
  void aKilledSidecarLosesNothingThatItHasNoted() throws Exception {
    Process sidecar = MarkingSidecar.start(folder);
    try {
      agent.append(numbers(1, 20_000));
      awaitMark();
      Instant second = Instant.now();
      agent.append("second\n");
      awaitMark();
      Instant third = Instant.now();
      agent.append("third\n");
      sidecar.destroyForcibly();
      assertTrue(sidecar.waitFor(20, TimeUnit.SECONDS));
      assertSame("second\nthird\n", since(second));
      assertSame("third\n", since(third));
      sidecar = MarkingSidecar.start(folder);
      awaitMark();
      Instant fourth = Instant.now();
      agent.append("fourth\n");
      awaitMark();
      assertSame("fourth\n", since(fourth));
      assertSame("third\nfourth\n", since(third));
      assertSame("second\nthird\nfourth\n", since(second));
    } finally {
      sidecar.destroyForcibly();
    }
  }
}
