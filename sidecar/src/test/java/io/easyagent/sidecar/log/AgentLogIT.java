package io.easyagent.sidecar.log;

import static io.easyagent.sidecar.log.LoggingAgent.NO_HOLES;
import static io.easyagent.sidecar.log.LoggingAgent.assertSame;
import static io.easyagent.sidecar.log.LoggingAgent.assertTail;
import static io.easyagent.sidecar.log.LoggingAgent.numbers;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.log.KeptLog.BeyondEndException;
import io.easyagent.sidecar.log.KeptLog.GoneException;
import io.easyagent.sidecar.log.Layout.Live;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotations on the file systems of this machine: a tmpfs, and that of its disk. */
@ParameterizedClass
@ValueSource(strings = {"/dev/shm", "/var/tmp"})
class AgentLogIT {
  private static final int SIZE = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final LogRule RULE = new LogRule(SIZE, 3);
  private static final LogRule ALL = new LogRule(SIZE, 100);

  private final Path root;
  private Path folder;
  private LoggingAgent agent;

  AgentLogIT(String root) {
    this.root = Path.of(root);
  }

  @BeforeEach
  void begin() throws IOException {
    folder = Files.createTempDirectory(root, "easyagent-log-");
    agent = new LoggingAgent(folder);
  }

  @AfterEach
  void removeAll() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private long end() throws IOException {
    return agent.kept.end();
  }

  @Test
  void aLogThatIsNotThereIsEmpty() throws IOException {
    agent.tend(RULE);
    assertEquals(0, agent.kept.begin());
    assertEquals(0, end());
    assertEquals(0, agent.kept.read(0, ByteBuffer.allocate(10)));
    KeptLog nowhere = KeptLog.of(folder.resolve("nowhere"), "a");
    assertEquals(0, nowhere.end());
    assertThrows(BeyondEndException.class, () -> nowhere.read(1, ByteBuffer.allocate(10)));
  }

  @Test
  void theHeadIsCutAtALineAndFreed() throws Exception {
    agent.appendNumbers(1, 30_000);
    String all = numbers(1, 30_000);
    Layout layout = agent.tend(RULE);
    assertEquals(2, layout.files().size());
    assertEquals("a.log.00000000000000000000", agent.names().getFirst());
    assertSame(all, agent.readFiles());
    assertSame(all, agent.read());
    for (String name : agent.names()) {
      assertTrue(Files.readString(folder.resolve(name)).endsWith("\n"), name);
      assertTrue(Files.size(folder.resolve(name)) <= SIZE, name);
      assertEquals(
          PosixFilePermissions.fromString("rw-r-----"),
          Files.getPosixFilePermissions(folder.resolve(name)));
    }
    assertEquals(all.length(), Files.size(agent.files.live()));
    assertEquals(layout.state().rotated(), layout.state().freed());
    assertTrue(agent.used() < all.length() + 5 * 4096, "the head is freed: " + agent.used());
  }

  @Test
  void filesOverTheBudgetGoOldestFirst() throws Exception {
    LogRule one = new LogRule(SIZE, 1);
    for (int each = 0; each < 8; each++) {
      agent.appendNumbers(each * 10_000L + 1, (each + 1) * 10_000L);
      agent.tend(one);
    }
    assertEquals(1, agent.names().size());
    assertTail(agent.read(), 80_000);
    assertSame(agent.readFiles(), agent.read());
    assertEquals(0, agent.files.state().find().orElseThrow().dropped());
    GoneException gone =
        assertThrows(GoneException.class, () -> agent.kept.read(0, ByteBuffer.allocate(10)));
    assertEquals(agent.kept.begin(), gone.begin());
  }

  @Test
  void withNothingToBeKeptTheFileIsBegunAnew() throws Exception {
    agent.appendNumbers(1, 30_000);
    agent.append("half a line");
    agent.tend(new LogRule(SIZE, 0));
    assertEquals(List.of(), agent.names());
    assertEquals("half a line", agent.read());
    assertTrue(agent.used() <= 5 * 4096, "freed: " + agent.used());
  }

  @Test
  void ofABacklogTheOldestLinesGoAndAreCounted() throws Exception {
    agent.appendNumbers(1, 10_000);
    agent.append("x".repeat(SIZE - (int) end()) + "\n");
    agent.tend(RULE);
    long rotated = end();
    agent.appendNumbers(1, 200_000);
    Layout layout = agent.tend(RULE);
    assertEquals(3, layout.files().size());
    assertTail(agent.read(), 200_000);
    assertSame(agent.readFiles(), agent.read());
    long dropped = layout.state().dropped();
    assertTrue(dropped > 0, "counted");
    assertTrue(agent.kept.begin() >= rotated + dropped - SIZE, "whole files went before");
    assertTrue(
        agent.read().length() > 3 * SIZE, "no more went than had to: " + agent.read().length());
    assertTrue(agent.used() <= RotationDecision.bound(RULE), "bounded: " + agent.used());
  }

  @Test
  void aLineThatIsLongerThanABoundIsCut() throws Exception {
    String line = "x".repeat(3 * SIZE / 2);
    agent.append(line);
    agent.append(line + "\n");
    agent.tend(ALL);
    assertEquals(3, agent.names().size());
    assertEquals(line + line + "\n", agent.readFiles());
    assertEquals(line + line + "\n", agent.read());
  }

  @Test
  void whatIsTooOldGoes() throws Exception {
    LogRule day = new LogRule(SIZE, 3, Optional.of(Duration.ofDays(1)), false);
    agent.appendNumbers(1, 30_000);
    agent.tend(day);
    assertEquals(2, agent.names().size());
    agent.now = agent.now.plus(Duration.ofHours(23));
    agent.tend(day);
    assertEquals(2, agent.names().size());
    agent.now = agent.now.plus(Duration.ofHours(2));
    agent.tend(day);
    assertEquals(List.of(), agent.names());
    assertTail(agent.read(), 30_000);
  }

  @Test
  void rotatedFilesAreCompressedAndReadAsBefore() throws Exception {
    LogRule compressing = new LogRule(SIZE, 100, Optional.empty(), true);
    for (int each = 0; each < 5; each++) {
      agent.appendNumbers(each * 20_000L + 1, (each + 1) * 20_000L);
      agent.tend(compressing);
    }
    assertTrue(agent.names().stream().allMatch(name -> name.endsWith(".gz")));
    assertTrue(agent.names().size() > 5, agent.names().toString());
    String all = numbers(1, 100_000);
    assertSame(all, agent.readFiles());
    assertSame(all, agent.read());
    ByteBuffer middle = ByteBuffer.allocate(100);
    for (long offset : new long[] {400_000, 10, 200_000, 199_000}) {
      int read = agent.kept.read(offset, middle.clear());
      assertEquals(
          all.substring((int) offset, (int) offset + read),
          new String(middle.array(), 0, read, US_ASCII));
    }
    // Who no longer wants it finds the old ones as they are.
    agent.appendNumbers(100_001, 130_000);
    agent.tend(ALL);
    assertSame(numbers(1, 130_000), agent.read());
  }

  @Test
  void anAgentThatTruncatesItsLogBeginsAnewAndLosesNothingOfWhatIsRotated() throws Exception {
    agent.appendNumbers(1, 30_000);
    agent.tend(ALL);
    String rotated = agent.read().substring(0, (int) agent.files.layout().state().liveStart());
    long before = end();
    try (FileChannel live = FileChannel.open(agent.files.live(), StandardOpenOption.WRITE)) {
      live.truncate(0);
    }
    agent.append("anew\n");
    assertSame(rotated + "anew\n", agent.read());
    BeyondEndException beyond =
        assertThrows(
            BeyondEndException.class, () -> agent.kept.read(before, ByteBuffer.allocate(10)));
    assertEquals(end(), beyond.end());
    agent.tend(ALL);
    assertSame(rotated + "anew\n", agent.read());
    agent.appendNumbers(1, 30_000);
    Layout layout = agent.tend(ALL);
    assertSame(rotated + "anew\n" + numbers(1, 30_000), agent.read());
    assertSame(agent.readFiles(), agent.read());
    assertEquals(1, layout.state().truncations());
  }

  @Test
  void aTruncatedLogThatHasGrownAgainMeanwhileIsFoundByItsHead() throws Exception {
    agent.appendNumbers(1, 30_000);
    agent.tend(ALL);
    int rotated = (int) agent.files.layout().state().liveStart();
    String head = agent.read().substring(0, rotated);
    try (FileChannel live = FileChannel.open(agent.files.live(), StandardOpenOption.WRITE)) {
      live.truncate(0);
    }
    agent.appendNumbers(50_000, 90_000);
    assertSame(head + numbers(50_000, 90_000), agent.read());
    Layout layout = agent.tend(ALL);
    assertSame(head + numbers(50_000, 90_000), agent.read());
    assertSame(agent.readFiles(), agent.read());
    assertEquals(1, layout.state().truncations());
  }

  @Test
  void aTruncationBeforeAnyRotationIsCounted() throws Exception {
    AgentLog log = agent.log();
    agent.append("some lines\n");
    Layout seen = log.tend(RULE, Live.NONE).layout();
    Live live = new Live(seen.state().inode(), seen.size());
    try (FileChannel file = FileChannel.open(agent.files.live(), StandardOpenOption.WRITE)) {
      file.truncate(0);
    }
    assertEquals(1, log.tend(RULE, live).layout().state().truncations());
    assertEquals(1, log.tend(RULE, new Live(live.inode(), 0)).layout().state().truncations());
  }

  @Test
  void aStateThatSomebodyHasRemovedIsFoundAgainInTheHole() throws Exception {
    agent.appendNumbers(1, 30_000);
    agent.tend(ALL);
    String all = agent.read();
    Files.delete(folder.resolve(".a.log.state"));
    assertSame(all, agent.read());
    agent.appendNumbers(30_001, 60_000);
    agent.tend(ALL);
    assertSame(numbers(1, 60_000), agent.read());
    assertSame(numbers(1, 60_000), agent.readFiles());
    // With the rotated files gone too the rest is there still.
    for (String name : agent.names()) {
      Files.delete(folder.resolve(name));
    }
    Files.delete(folder.resolve(".a.log.state"));
    agent.appendNumbers(60_001, 90_000);
    agent.tend(ALL);
    assertTail(agent.read(), 90_000);
  }

  @Test
  void whereNothingCanBeFreedTheFileIsEmptied() throws Exception {
    AgentLog log = agent.log(NO_HOLES, _ -> {});
    for (int each = 0; each < 5; each++) {
      agent.appendNumbers(each * 20_000L + 1, (each + 1) * 20_000L);
      log.tend(ALL, Live.NONE);
      assertEquals(0, Files.size(agent.files.live()));
    }
    assertFalse(log.canFree());
    assertFalse(log.heldStill());
    assertSame(numbers(1, 100_000), agent.readFiles());
    assertSame(numbers(1, 100_000), agent.read());
    agent.appendNumbers(100_001, 300_000);
    log.tend(new LogRule(SIZE, 0), Live.NONE);
    assertEquals(List.of(), agent.names());
    assertEquals(0, Files.size(agent.files.live()));
    assertEquals(agent.kept.begin(), end());
    assertEquals(0, log.tend(ALL, Live.NONE).layout().state().truncations());
  }

  @Test
  void aVeryLongFileIsReplacedByANewOne() throws Exception {
    AgentLog log = agent.log();
    agent.appendNumbers(1, 30_000);
    log.tend(ALL, Live.NONE);
    log.renew();
    assertEquals(0, Files.size(agent.files.live()));
    agent.appendNumbers(30_001, 60_000);
    assertSame(numbers(1, 60_000), agent.read());
    log.tend(ALL, Live.NONE);
    assertSame(numbers(1, 60_000), agent.read());
    assertSame(numbers(1, 60_000), agent.readFiles());
    assertEquals(0, agent.files.layout().state().truncations());
  }

  @Test
  void aLinkInThePlaceOfTheLogIsNotFollowed() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), numbers(1, 30_000));
    Files.createSymbolicLink(agent.files.live(), other);
    assertThrows(IOException.class, () -> agent.tend(RULE));
    assertThrows(IOException.class, () -> agent.kept.read(0, ByteBuffer.allocate(10)));
    assertSame(numbers(1, 30_000), Files.readString(other));
    assertEquals(List.of(), agent.names());
  }

  /** A reader that follows from the first byte to the last, while ever more is rotated. */
  @Test
  void aReaderSeesEveryByteOnceWhileTheLogIsRotated() throws Exception {
    Process writer =
        agent.write(
            "i=0; while [ $i -lt 100 ]; do seq $((i*3000+1)) $((i*3000+3000)); i=$((i+1));"
                + " sleep 0.005; done");
    LogRule compressing = new LogRule(SIZE, 100, Optional.empty(), true);
    Thread rotations =
        Thread.ofPlatform()
            .start(() -> {
              try {
                AgentLog log = agent.log();
                while (writer.isAlive()) {
                  log.tend(compressing, Live.NONE);
                }
              } catch (IOException failure) {
                throw new AssertionError(failure);
              }
            });
    StringBuilder text = new StringBuilder();
    ByteBuffer bytes = ByteBuffer.allocate(3000);
    boolean ended;
    do {
      ended = !writer.isAlive();
      while (agent.kept.read(text.length(), bytes.clear()) > 0) {
        text.append(new String(bytes.array(), 0, bytes.position(), US_ASCII));
      }
    } while (!ended);
    rotations.join();
    assertSame(numbers(1, 300_000), text.toString());
    assertTrue(agent.names().size() > 5, agent.names().toString());
    assertSame(numbers(1, 300_000), agent.readFiles());
  }

  @Test
  void aRotationThatIsNotWantedAnyMoreEndsSoon() throws Exception {
    agent.appendNumbers(1, 30_000);
    AgentLog log = agent.log();
    log.stop();
    log.tend(RULE, Live.NONE);
    assertEquals(List.of(), agent.names());
    assertSame(numbers(1, 30_000), agent.read());
  }

  @Test
  void aFileOfATebibyteIsBegunAnewAtTheNextStart() throws Exception {
    try (FileChannel live =
        FileChannel.open(agent.files.live(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      live.write(ByteBuffer.wrap("last words\n".getBytes(US_ASCII)), KeptOutput.LONG_FILE);
    }
    try (LogKeeper keeper = new LogKeeper("boot", InstantSource.system(), System::nanoTime)) {
      keeper.keep(folder, "a", RULE, AgentPause.IMPOSSIBLE, () -> {}).beforeLaunch();
    }
    assertEquals(0, Files.size(agent.files.live()));
    assertEquals(KeptOutput.LONG_FILE, agent.kept.begin());
    agent.append("first words\n");
    assertEquals("last words\nfirst words\n", agent.read());
  }

  @Test
  void aConditionHoldsUntilItIsGone() throws Exception {
    AtomicInteger changes = new AtomicInteger();
    try (LogKeeper keeper = new LogKeeper("boot", InstantSource.system(), System::nanoTime)) {
      KeptOutput output =
          keeper.keep(folder, "a", RULE, AgentPause.IMPOSSIBLE, changes::incrementAndGet);
      output.begin();
      agent.append("some lines\n");
      Eventually.await(PATIENCE, "it is looked at", () -> agent.files.state().find().isPresent());
      // Between two looks it grows, is seen, and is truncated.
      agent.appendNumbers(1, 30_000);
      Eventually.await(PATIENCE, "it is rotated", () -> agent.names().size() == 2);
      assertEquals(List.of(), output.conditions());
      try (FileChannel live = FileChannel.open(agent.files.live(), StandardOpenOption.WRITE)) {
        live.truncate(0);
      }
      Eventually.await(
          PATIENCE,
          "it is shown",
          () ->
              output
                  .conditions()
                  .equals(
                      List.of("it has truncated its own log: what was not rotated then is gone")));
      output.beforeLaunch();
      assertEquals(List.of(), output.conditions());
      Files.move(agent.files.live(), folder.resolve("moved"));
      Files.createDirectory(agent.files.live());
      Eventually.await(
          PATIENCE,
          "what is no log is not rotated",
          () ->
              output.conditions().stream()
                  .anyMatch(condition -> condition.startsWith("its log is not rotated: ")));
      Files.delete(agent.files.live());
      Eventually.await(PATIENCE, "that is over", () -> output.conditions().isEmpty());
      assertEquals(4, changes.get());
      output.close();
    }
  }

  @Test
  void aFastWriterIsBroughtBackWithinTheBound() throws Exception {
    LogRule rule = new LogRule(1 << 20, 3);
    try (LogKeeper keeper = new LogKeeper("boot", InstantSource.system(), System::nanoTime)) {
      KeptOutput output = keeper.keep(folder, "a", rule, AgentPause.IMPOSSIBLE, () -> {});
      output.begin();
      Process writer = agent.write("exec seq 1 40000000");
      // How far it is ahead meanwhile is a matter of the machine.
      assertTrue(writer.waitFor(60, TimeUnit.SECONDS), "350 MB are written");
      Eventually.await(
          Duration.ofSeconds(10), "it is within its bound", () -> agent.used() <= 5 << 20);
      Eventually.await(
          Duration.ofSeconds(10),
          "all but the rest is rotated",
          () -> agent.files.layout().unrotated() < rule.maxSize());
      output.close();
      assertTail(agent.read(), 40_000_000);
      assertTrue(agent.read().length() > 3 << 20, "what may be kept is kept");
    }
  }
}
