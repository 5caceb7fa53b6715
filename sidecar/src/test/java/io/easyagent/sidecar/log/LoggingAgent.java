package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.log.Layout.Live;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** An agent's log folder, real processes that write numbered lines to it, and what is kept. */
final class LoggingAgent {
  static final String NAME = "a";

  /** A disk that cannot free parts of a file. */
  static final FreedSpace NO_HOLES = (_, _, _) -> false;

  final Path folder;
  final LogFiles files;
  final KeptLog kept;
  Instant now = Instant.now();

  LoggingAgent(Path folder) {
    this.folder = folder;
    this.files = new LogFiles(folder, NAME);
    this.kept = KeptLog.of(folder, NAME);
  }

  AgentLog log() {
    return log(FreedSpace.OF_FILE_SYSTEM, _ -> {});
  }

  AgentLog log(FreedSpace space, Consumer<RotationStep> reached) {
    InstantSource clock = () -> now;
    return new AgentLog(files, new CopyTurns(), space, AgentPause.IMPOSSIBLE, clock, reached);
  }

  /** As the first look of a sidecar does. */
  Layout tend(LogRule rule) throws IOException {
    return log().tend(rule, Live.NONE).layout();
  }

  void append(String text) throws IOException {
    Files.writeString(files.live(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Lines with the numbers from the one to the other, as seq(1) writes them. */
  void appendNumbers(long first, long last) throws IOException, InterruptedException {
    Process seq = write("exec seq " + first + " " + last);
    assertTrue(seq.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, seq.exitValue());
  }

  /** A process whose output goes to the log as an agent's does. */
  Process write(String script) throws IOException {
    return new ProcessBuilder("/bin/sh", "-c", script)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(files.live().toFile()))
        .start();
  }

  List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("a\\.log\\.\\d.*"))
          .sorted()
          .toList();
    }
  }

  /** What the disk gives to the folder, in bytes. */
  long used() throws IOException, InterruptedException {
    Process du =
        new ProcessBuilder("du", "-s", "--block-size=1", folder.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(du.waitFor(10, TimeUnit.SECONDS), text);
    // What a rotation has removed under it is told first, and not counted.
    return Long.parseLong(text.lines().toList().getLast().split("\\s")[0]);
  }

  /** Everything that is kept, as a reader gets it. */
  String read() throws IOException {
    StringBuilder text = new StringBuilder();
    ByteBuffer bytes = ByteBuffer.allocate(10_000);
    long offset = kept.begin();
    while (kept.read(offset, bytes.clear()) > 0) {
      text.append(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
      offset += bytes.position();
    }
    assertEquals(kept.end(), offset);
    return text.toString();
  }

  /**
   * The same, put together of the files as anybody would: each must begin where the one before
   * ended, and of the last one what is no hole counts.
   */
  String readFiles() throws IOException {
    StringBuilder text = new StringBuilder();
    Optional<Long> begin = Optional.empty();
    for (String name : names()) {
      long start = Long.parseLong(name.substring(6, 26));
      begin = begin.or(() -> Optional.of(start));
      assertEquals(begin.get() + text.length(), start, names().toString());
      text.append(content(folder.resolve(name)));
    }
    String live = Files.readString(files.live(), StandardCharsets.US_ASCII);
    int hole = 0;
    while (hole < live.length() && live.charAt(hole) == '\0') {
      hole++;
    }
    return text.append(live.substring(hole)).toString();
  }

  private static String content(Path file) throws IOException {
    try (InputStream plain = Files.newInputStream(file);
        InputStream stream = file.toString().endsWith(".gz") ? new GZIPInputStream(plain) : plain) {
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  static String numbers(long first, long last) {
    StringBuilder text = new StringBuilder();
    for (long each = first; each <= last; each++) {
      text.append(each).append('\n');
    }
    return text.toString();
  }

  /** As assertEquals, of texts too long to be shown. */
  static void assertSame(String expected, String text) {
    int same = 0;
    while (same < Math.min(expected.length(), text.length())
        && expected.charAt(same) == text.charAt(same)) {
      same++;
    }
    if (same < expected.length() || same < text.length()) {
      throw new AssertionError(
          "differs at %d of %d (expected: %d bytes): \"%s\" (expected: \"%s\")"
              .formatted(
                  same, text.length(), expected.length(), from(text, same), from(expected, same)));
    }
  }

  private static String from(String text, int position) {
    return text.substring(position, Math.min(text.length(), position + 40)).replace("\n", "|");
  }

  /** Every number follows the one before; the lines that are not there are the oldest. */
  static void assertTail(String text, long last) {
    String[] lines = text.split("\n");
    long expected = last - lines.length + 1;
    for (String line : lines) {
      assertEquals(Long.toString(expected), line);
      expected++;
    }
  }
}
