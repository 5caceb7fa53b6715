package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.ProcessEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFolderTest {
  private static final LaunchRecord RECORD =
      new LaunchRecord(
          UUID.fromString("3f0c9e1e-3c5b-4a37-9a60-0d6d0a9f7a11"),
          new ProcessIdentity(4711, 987654),
          "8d0f3d5c-9a55-4b1e-8c0e-0f2f5d1f6a77",
          "file beat\t(x)",
          42,
          true);

  @TempDir private Path temporary;

  private RecordFolder folder() {
    return new RecordFolder(temporary.resolve("run").resolve("one"));
  }

  @Test
  void theWrittenFormIsPinned() {
    assertEquals(
        "1\t3f0c9e1e-3c5b-4a37-9a60-0d6d0a9f7a11\t4711\t987654\t"
            + "8d0f3d5c-9a55-4b1e-8c0e-0f2f5d1f6a77\t42\ttrue\tfile beat\t(x)\n",
        RECORD.encode());
    assertEquals(Optional.of(RECORD), LaunchRecord.decode(RECORD.encode()));
  }

  @Test
  void halfARecordIsNone() {
    String text = RECORD.encode();
    for (int length = 0; length < text.length(); length++) {
      assertEquals(Optional.empty(), LaunchRecord.decode(text.substring(0, length)));
    }
  }

  @Test
  void everyEndComesBack() throws IOException {
    List<ProcessEnd> ends =
        List.of(
            new ProcessEnd.Exited(143),
            new ProcessEnd.Signalled(15),
            new ProcessEnd.Unknown("its keeper ended first"),
            new ProcessEnd.NotStarted("no such\tfile"));
    RecordFolder folder = folder();
    folder.begin(RECORD, true);
    for (ProcessEnd end : ends) {
      folder.writeEnd(end);
      assertEquals(Optional.of(end), folder.findEnd());
    }
  }

  @Test
  void aNewLaunchForgetsTheLastOne() throws IOException {
    RecordFolder folder = folder();
    folder.begin(RECORD, true);
    folder.writeChild(new ProcessIdentity(1, 2));
    folder.writeEnd(new ProcessEnd.Exited(0));
    folder.writeKilled(RecordFolder.KillReason.TIMEOUT);
    folder.begin(RECORD, true);
    assertEquals(Optional.of(RECORD), folder.findLaunch());
    assertEquals(Optional.empty(), folder.findChild());
    assertEquals(Optional.empty(), folder.findEnd());
    assertEquals(Optional.empty(), folder.findKilled());
  }

  @Test
  void limitsComeBack() throws IOException {
    RecordFolder folder = folder();
    folder.create();
    folder.writeLimits(Duration.ofMinutes(15), 65536);
    assertEquals(
        Optional.of(new RecordFolder.TaskLimits(Duration.ofMinutes(15), 65536)),
        folder.findLimits());
  }

  @Test
  void theFolderIsOursAloneAndGoesWhole() throws IOException {
    RecordFolder folder = folder();
    folder.begin(RECORD, true);
    folder.writeChild(new ProcessIdentity(1, 2));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())));
    folder.remove();
    assertTrue(Files.notExists(folder.path()));
    folder.remove();
  }
}
