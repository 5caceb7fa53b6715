package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  private static final LogState FIRST =
      new LogState(Long.MAX_VALUE, Long.MAX_VALUE, 3, 4, 0xffff_ffffL, true, 5, 6);
  private static final LogState SECOND = new LogState(1, 2, 3, 4, 5, false, 6, 7);

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve(".a.log.state");
  }

  private StateFile file() {
    return new StateFile(path());
  }

  @Test
  void theLastStateIsFound() throws IOException {
    assertEquals(Optional.empty(), file().find());
    for (LogState state : new LogState[] {FIRST, SECOND, SECOND, FIRST}) {
      file().store(state, true);
      assertEquals(Optional.of(state), file().find());
    }
    assertEquals(1024, Files.size(path()));
  }

  @Test
  void aStateThatWasNotWrittenWhollyLeavesTheOneBefore() throws IOException {
    file().store(FIRST, false);
    file().store(SECOND, false);
    String text = Files.readString(path(), StandardCharsets.US_ASCII);
    // The second store has gone to the first slot.
    Files.writeString(
        path(), text.replaceFirst("easyagent-log-1 2 1 2 3", "easyagent-log-1 2 1 9 9"));
    assertEquals(Optional.of(FIRST), file().find());
    file().store(SECOND, false);
    assertEquals(Optional.of(SECOND), file().find());
  }

  @Test
  void whatIsNoStateIsNone() throws IOException {
    Files.writeString(path(), "something\nelse\n");
    assertEquals(Optional.empty(), file().find());
    Files.write(path(), new byte[5000]);
    assertEquals(Optional.empty(), file().find());
    file().store(FIRST, false);
    assertEquals(Optional.of(FIRST), file().find());
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path other = folder.resolve("other");
    Files.writeString(other, "theirs");
    Files.createSymbolicLink(path(), other);
    assertThrows(IOException.class, () -> file().find());
    assertThrows(IOException.class, () -> file().store(FIRST, false));
    assertEquals("theirs", Files.readString(other));
  }
}
