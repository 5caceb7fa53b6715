package io.easyagent.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.sidecar.logstream.LogBegin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShownLogTest {
  @TempDir private Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path log;

  /** What happens while a follower waits; the last one is that nobody reads any more. */
  private final Deque<Meanwhile> meanwhile = new ArrayDeque<>();

  private interface Meanwhile {
    void happens() throws IOException;
  }

  @BeforeEach
  void make() throws IOException {
    log = Files.createDirectories(data.resolve("agents/beat/logs")).resolve("beat.log");
    Files.createDirectories(data.resolve("agents/asp"));
  }

  @Test
  void theLastLinesAreShown() throws Exception {
    write("one\ntwo\nthree\n");
    assertEquals("two\nthree\n", show(2, false));
    assertEquals("one\ntwo\nthree\n", show(100, false));
    assertEquals("", show(0, false));
  }

  @Test
  void whatMayHaveBeenPrintedSinceIsShown() throws Exception {
    write("one\ntwo\n");
    LogBegin since = new LogBegin.Since(Instant.EPOCH, OptionalInt.empty());
    new ShownLog(data, stream(out), stream(err), () -> {})
        .run(new Invocation.ShowLog("beat", since, false, Optional.empty(), Optional.empty()));
    assertEquals("one\ntwo\n", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anAgentThatHasPrintedNothingHasNothingToShow() throws Exception {
    assertEquals("", show(100, false));
  }

  @Test
  void whoFollowsSeesWhatComesAlsoAfterATruncation() throws Exception {
    write("one\n");
    meanwhile.addAll(
        List.of(() -> write("two\n"), () -> {}, () -> Files.writeString(log, "anew\n")));
    assertEquals("one\ntwo\nanew\n", show(100, true));
    assertEquals("easyagent-sidecar: the agent has truncated its log\n", err.toString());
  }

  @Test
  void anAgentThatIsNotHereIsNamed() {
    IOException refusal =
        assertThrows(
            IOException.class,
            () ->
                new ShownLog(data, stream(out), stream(err), () -> {})
                    .run(wanted("bea", 1, false)));
    assertEquals("agent: bea (expected: one of asp, beat)", refusal.getMessage());
  }

  private void write(String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private String show(int tail, boolean follow) throws Exception {
    out.reset();
    class NobodyReads extends InterruptedException {
      private static final long serialVersionUID = 1L;
    }
    ShownLog shown =
        new ShownLog(
            data,
            stream(out),
            stream(err),
            () -> {
              Meanwhile next = meanwhile.poll();
              if (next == null) {
                throw new NobodyReads();
              }
              try {
                next.happens();
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            });
    try {
      shown.run(wanted("beat", tail, follow));
    } catch (NobodyReads over) {
      assertEquals(true, follow);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Invocation.ShowLog wanted(String agent, int tail, boolean follow) {
    return new Invocation.ShowLog(
        agent, new LogBegin.Tail(tail), follow, Optional.empty(), Optional.empty());
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
