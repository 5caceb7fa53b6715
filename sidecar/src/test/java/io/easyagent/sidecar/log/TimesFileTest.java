package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.sidecar.log.StoredMarks.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimesFileTest {
  private static final int HEAD = 48;
  private static final int SLOT = 32;
  private static final Origin ORIGIN = new Origin(Long.MAX_VALUE, 2, 3);
  private static final LogMark FIRST = mark(1, 10);
  private static final LogMark SECOND = mark(2, Long.MAX_VALUE - 1);
  private static final LogMark THIRD = mark(5, Long.MAX_VALUE);

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve(".a.log.times");
  }

  private TimesFile file() {
    return new TimesFile(path());
  }

  private static LogMark mark(long number, long offset) {
    return new LogMark(
        number, offset, Instant.parse("2026-11-22T14:00:00.123Z").plusMillis(-number));
  }

  private void writeAll() throws IOException {
    file().write(ORIGIN, 9, new LogMarks(List.of(FIRST)), true);
    file().append(SECOND, 1);
    file().append(THIRD, 2);
  }

  private void assertMarks(int slots, LogMark... marks) throws IOException {
    assertEquals(
        Optional.of(new StoredMarks(ORIGIN, 9, new LogMarks(List.of(marks)), slots)),
        file().read());
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    assertEquals(Optional.empty(), file().read());
    assertThrows(NoSuchFileException.class, () -> file().append(FIRST, 0));
    writeAll();
    assertMarks(3, FIRST, SECOND, THIRD);
    assertEquals(HEAD + 3 * SLOT, Files.size(path()));
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(path()));
    file().write(ORIGIN, 9, new LogMarks(List.of(THIRD)), false);
    assertMarks(1, THIRD);
    file().remove();
    assertEquals(Optional.empty(), file().read());
  }

  @Test
  void whatIsCutShortIsLeftOutWhereverItIs() throws IOException {
    writeAll();
    byte[] whole = Files.readAllBytes(path());
    for (int length = 0; length < whole.length; length++) {
      Files.write(path(), Arrays.copyOf(whole, length));
      if (length < HEAD) {
        assertEquals(Optional.empty(), file().read(), "cut at " + length);
      } else {
        List<LogMark> left = List.of(FIRST, SECOND, THIRD).subList(0, (length - HEAD) / SLOT);
        assertEquals(left, file().read().orElseThrow().marks().marks(), "cut at " + length);
      }
    }
  }

  @Test
  void whatIsDamagedIsLeftOutWhereverItIs() throws IOException {
    writeAll();
    byte[] whole = Files.readAllBytes(path());
    for (int each = 0; each < whole.length; each++) {
      byte[] damaged = whole.clone();
      damaged[each] ^= 0x10;
      Files.write(path(), damaged);
      if (each < HEAD) {
        assertEquals(Optional.empty(), file().read(), "damaged at " + each);
      } else {
        List<LogMark> left =
            switch ((each - HEAD) / SLOT) {
              case 0 -> List.of(SECOND, THIRD);
              case 1 -> List.of(FIRST, THIRD);
              default -> List.of(FIRST, SECOND);
            };
        assertEquals(left, file().read().orElseThrow().marks().marks(), "damaged at " + each);
      }
    }
  }

  /** Zeros are what some file systems leave of a write that a power cut came before. */
  @Test
  void zerosAndWhatGoesBackAreNoMarks() throws IOException {
    writeAll();
    file().append(mark(4, Long.MAX_VALUE), 3);
    file().append(FIRST, 4);
    assertMarks(5, FIRST, SECOND, THIRD);
    Files.write(path(), Arrays.copyOf(Files.readAllBytes(path()), HEAD + 9 * SLOT));
    assertMarks(9, FIRST, SECOND, THIRD);
    Files.write(path(), new byte[HEAD + 9 * SLOT]);
    assertEquals(Optional.empty(), file().read());
  }

  @Test
  void moreThanThereMayBeIsNotRead() throws IOException {
    writeAll();
    Files.write(path(), Arrays.copyOf(Files.readAllBytes(path()), 10 << 20));
    assertMarks(LogMarks.MOST, FIRST, SECOND, THIRD);
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "");
    Files.createSymbolicLink(path(), other);
    assertThrows(IOException.class, () -> file().read());
    assertThrows(IOException.class, () -> file().append(FIRST, 0));
    writeAll();
    assertMarks(3, FIRST, SECOND, THIRD);
    assertEquals("", Files.readString(other));
  }
}
