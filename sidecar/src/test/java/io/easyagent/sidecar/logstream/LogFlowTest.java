package io.easyagent.sidecar.logstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.secret.SecretValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFlowTest {
  private static final String KEY = "-----BEGIN KEY-----\nMIIBVg\nAAAB\n-----END KEY-----";
  private static final Redaction SECRETS =
      Redaction.of(List.of(new SecretValue("hunter22"), new SecretValue(KEY)));

  @TempDir Path folder;
  private LogFlow flow;

  @BeforeEach
  void begin() throws IOException {
    write("");
    flow = flow(0, SECRETS);
  }

  private LogFlow flow(long begin, Redaction redaction) {
    return new LogFlow(KeptLog.of(folder, "a"), () -> redaction, begin);
  }

  private void write(String text) throws IOException {
    Files.writeString(
        folder.resolve("a.log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private Optional<String> next(boolean whole) throws IOException {
    return flow.next(Long.MAX_VALUE, whole).map(piece -> new String(piece.data(), UTF_8));
  }

  /** All that there is, and that the pieces join on to each other. */
  private String rest(LogFlow from) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long position = from.position();
    for (var piece = from.next(Long.MAX_VALUE, true);
        piece.isPresent();
        piece = from.next(Long.MAX_VALUE, true)) {
      assertEquals(position, piece.get().offset());
      assertTrue(piece.get().data().length <= LogFlow.LARGEST);
      position = piece.get().next();
      all.writeBytes(piece.get().data());
    }
    return all.toString(UTF_8);
  }

  @Test
  void aPieceEndsWithALine() throws IOException {
    write("one\ntwo\nthr");

    assertEquals(Optional.of("one\ntwo\n"), next(false));
    assertEquals(Optional.empty(), next(false));
    write("ee\n");
    assertEquals(Optional.of("three\n"), next(false));
    assertEquals(14, flow.position());
  }

  @Test
  void anUnfinishedLineIsGivenWhenItIsAskedFor() throws IOException {
    write("password: ");

    assertEquals(Optional.empty(), next(false));
    assertEquals(Optional.of("password: "), next(true));
    assertEquals(Optional.empty(), next(true));
  }

  @Test
  void aCharacterIsNotCut() throws IOException {
    String line = "é".repeat(LogFlow.LARGEST);
    write("x" + line);

    assertEquals("x" + line, rest(flow));
  }

  @Test
  void whatIsNoTextIsGivenAsItIs() throws IOException {
    byte[] bytes = new byte[3 * LogFlow.LARGEST];
    Arrays.fill(bytes, (byte) 0x80);
    Files.write(folder.resolve("a.log"), bytes);

    long total = 0;
    for (var piece = flow.next(Long.MAX_VALUE, true);
        piece.isPresent();
        piece = flow.next(Long.MAX_VALUE, true)) {
      total += piece.get().data().length;
    }
    assertEquals(bytes.length, total);
  }

  @Test
  void nothingFromTheEndOnIsRead() throws IOException {
    write("one\ntwo\n");

    assertEquals("one\ntw", all(6));
  }

  private String all(long end) throws IOException {
    LogFlow again = flow(0, SECRETS);
    StringBuilder text = new StringBuilder();
    for (var piece = again.next(end, true); piece.isPresent(); piece = again.next(end, true)) {
      text.append(new String(piece.get().data(), UTF_8));
    }
    return text.toString();
  }

  @Test
  void aSecretIsTakenOutWhereverPiecesMeet() throws IOException {
    for (int before = LogFlow.LARGEST - 10; before <= LogFlow.LARGEST + 2; before++) {
      Files.deleteIfExists(folder.resolve("a.log"));
      write("x".repeat(before) + "hunter22" + "y".repeat(LogFlow.LARGEST) + "\n");

      assertEquals(
          "x".repeat(before) + "******" + "y".repeat(LogFlow.LARGEST) + "\n",
          rest(flow(0, SECRETS)));
    }
  }

  @Test
  void aSecretIsTakenOutHoweverSlowlyItIsWritten() throws IOException {
    StringBuilder shown = new StringBuilder();
    for (String part : "say hunter22 and\nmore".split("")) {
      write(part);
      next(false).ifPresent(shown::append);
    }
    next(true).ifPresent(shown::append);

    assertEquals("say ****** and\nmore", shown.toString());
  }

  @Test
  void aSecretOfSeveralLinesIsTakenOutWhole() throws IOException {
    write("key:\n" + KEY.substring(0, 30));
    StringBuilder shown = new StringBuilder();
    for (var text = next(false); text.isPresent(); text = next(false)) {
      shown.append(text.get());
    }
    assertEquals("key:\n", shown.toString());
    write(KEY.substring(30) + "\nend\n");

    assertEquals("******\nend\n", rest(flow));
  }

  /** Nobody waits for the rest of it for ever. */
  @Test
  void ofAnUnfinishedSecretNothingIsShown() throws IOException {
    write("say hunter");
    assertEquals(Optional.of("say ******"), joined(next(true), next(true)));
    write("22!\n");

    assertFalse(rest(flow).contains("hunter"));
  }

  private static Optional<String> joined(Optional<String> one, Optional<String> other) {
    return Optional.of(one.orElse("") + other.orElse(""));
  }

  @Test
  void whoBeginsWithinASecretSeesNoneOfIt() throws IOException {
    write("hunter22 here\n");

    assertEquals("****** here\n", rest(flow(1, SECRETS)));
  }

  @Test
  void aSecretLongerThanAPieceIsTakenOut() throws IOException {
    String value = "k".repeat(LogFlow.LARGEST) + "end";
    write("a" + value + "b\n");

    assertEquals("a******b\n", rest(flow(0, Redaction.of(List.of(new SecretValue(value))))));
  }

  @Test
  void whatNeverHasAPlaceToCutEndsAllTheSame() throws IOException {
    write("a".repeat(4 * LogFlow.LARGEST));

    String shown = rest(flow(0, Redaction.of(List.of(new SecretValue("aaaaaa")))));
    assertTrue(shown.chars().allMatch(each -> each == '*'), shown);
  }

  @Test
  void aTruncatedOutputBeginsAnew() throws IOException {
    write("one\ntwo\n");
    assertEquals(Optional.of("one\ntwo\n"), next(false));
    Files.writeString(folder.resolve("a.log"), "new\n");

    LogPiece piece = flow.next(Long.MAX_VALUE, false).orElseThrow();
    assertEquals(0, piece.offset());
    assertEquals(4, piece.next());
  }

  @Test
  void nothingLeavesWhenItIsNotKnownWhatIsSecret() throws IOException {
    write("one\n");
    LogFlow blind =
        new LogFlow(
            KeptLog.of(folder, "a"),
            () -> {
              throw new IOException("secrets: damaged");
            },
            0);

    assertThrows(IOException.class, () -> blind.next(Long.MAX_VALUE, true));
  }

  /** A link that the agent's user put there. */
  @Test
  void noLinkIsFollowed() throws IOException {
    Path target = Files.writeString(folder.resolve("shadow"), "root:secret\n");
    Files.delete(folder.resolve("a.log"));
    Files.createSymbolicLink(folder.resolve("a.log"), target);

    assertThrows(IOException.class, () -> flow.next(Long.MAX_VALUE, true));
  }

  @Test
  void itReadsOnlyWhenItIsAsked() throws IOException {
    write("x\n".repeat(LogFlow.LARGEST * 4));
    List<Long> positions = new ArrayList<>();
    for (int piece = 0; piece < 3; piece++) {
      flow.next(Long.MAX_VALUE, false);
      positions.add(flow.position());
    }

    assertEquals(
        List.of((long) LogFlow.LARGEST, 2L * LogFlow.LARGEST, 3L * LogFlow.LARGEST), positions);
  }
}
