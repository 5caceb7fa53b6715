package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  private static LaunchRecord hook(LaunchPurpose purpose) {
    return new LaunchRecord(
        RECORD.launch(), RECORD.keeper(), RECORD.bootId(), "a b\tc", 42, true, purpose);
  }

  private static final List<LaunchRecord> HOOKS =
      List.of(
          hook(new LaunchPurpose.PreStart()),
          hook(new LaunchPurpose.PostStop(new ProcessEnd.Exited(3), true, "exit 3: \"a\tb\"")),
          hook(new LaunchPurpose.PostStop(new ProcessEnd.Unknown(""), false, "")));

  @Test
  void theWrittenFormOfHooksIsPinned() {
    String head =
        "2\t3f0c9e1e-3c5b-4a37-9a60-0d6d0a9f7a11\t4711\t987654\t"
            + "8d0f3d5c-9a55-4b1e-8c0e-0f2f5d1f6a77\t42\ttrue\t";
    assertEquals(
        List.of(
            head + "PRE_START\n\n\na b\tc\n",
            head + "POST_STOP\nexited\t3\ntrue\texit 3: \"a b\"\na b\tc\n",
            head + "POST_STOP\nunknown\t\nfalse\t\na b\tc\n"),
        HOOKS.stream().map(LaunchRecord::encode).toList());
    for (LaunchRecord record : HOOKS) {
      assertEquals(Optional.of(record), LaunchRecord.decode(record.encode()));
    }
  }

  @Test
  void halfARecordIsNone() {
    for (LaunchRecord record : List.of(RECORD, HOOKS.get(0), HOOKS.get(1))) {
      String text = record.encode();
      for (int length = 0; length < text.length(); length++) {
        assertEquals(Optional.empty(), LaunchRecord.decode(text.substring(0, length)));
      }
    }
  }

  @Test
  void theTracesOfOnePhaseOutliveTheBeginningOfAnother() throws IOException {
    RecordFolder folder = folder();
    folder.begin(RECORD, false);
    folder.writeChild(Phase.MAIN, new ProcessIdentity(1, 2));
    folder.writeEnd(Phase.MAIN, new ProcessEnd.Exited(3));
    folder.writeHeld("unhealthy");
    folder.begin(HOOKS.get(1), false);
    assertEquals(Optional.empty(), folder.findEnd(Phase.POST_STOP));
    assertEquals(Optional.empty(), folder.findChild(Phase.POST_STOP));
    assertEquals(Optional.of(new ProcessEnd.Exited(3)), folder.findEnd(Phase.MAIN));
    assertEquals(Optional.of("unhealthy"), folder.findHeld());
    folder.writeEnd(Phase.POST_STOP, new ProcessEnd.Exited(0));
    folder.begin(HOOKS.get(0), false);
    assertEquals(Optional.of(new ProcessEnd.Exited(0)), folder.findEnd(Phase.POST_STOP));
    assertEquals(Optional.empty(), folder.findHeld());
    folder.remove();
    assertTrue(Files.notExists(folder.path()));
  }

  @Test
  void everyEndComesBack() throws IOException {
    List<ProcessEnd> ends =
        List.of(
            new ProcessEnd.Exited(143),
            new ProcessEnd.Signalled(15),
            new ProcessEnd.Unknown("its keeper ended first"),
            new ProcessEnd.NotStarted("no such\tfile"),
            new ProcessEnd.OutOfMemory(OptionalLong.of(512L << 20)),
            new ProcessEnd.OutOfMemory(OptionalLong.empty()));
    RecordFolder folder = folder();
    folder.begin(RECORD, true);
    for (ProcessEnd end : ends) {
      folder.writeEnd(Phase.MAIN, end);
      assertEquals(Optional.of(end), folder.findEnd(Phase.MAIN));
    }
  }

  @Test
  void aNewLaunchForgetsTheLastOne() throws IOException {
    RecordFolder folder = folder();
    folder.begin(RECORD, true);
    folder.writeChild(Phase.MAIN, new ProcessIdentity(1, 2));
    folder.writeEnd(Phase.MAIN, new ProcessEnd.Exited(0));
    folder.writeKilled(RecordFolder.KillReason.TIMEOUT);
    folder.begin(RECORD, true);
    assertEquals(Optional.of(RECORD), folder.findLaunch());
    assertEquals(Optional.empty(), folder.findChild(Phase.MAIN));
    assertEquals(Optional.empty(), folder.findEnd(Phase.MAIN));
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
    folder.writeChild(Phase.MAIN, new ProcessIdentity(1, 2));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())));
    folder.remove();
    assertTrue(Files.notExists(folder.path()));
    folder.remove();
  }
}
