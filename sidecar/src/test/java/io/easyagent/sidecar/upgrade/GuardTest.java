package io.easyagent.sidecar.upgrade;

import static io.easyagent.sidecar.upgrade.TestInstallation.BOOT;
import static io.easyagent.sidecar.upgrade.TestInstallation.NEXT_BOOT;
import static io.easyagent.sidecar.upgrade.TestInstallation.OPERATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.prepare.TreeRemoval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard itself, the script, in each state that a disk can be in. */
class GuardTest {
  @TempDir Path folder;

  private TestInstallation host;

  @BeforeEach
  void make() throws Exception {
    host = new TestInstallation(Files.createTempDirectory(folder, "host"));
  }

  @Test
  void withoutATrialNothingIsTouched() throws Exception {
    List<String> before = host.disk();
    assertEquals("", host.guard());
    assertEquals(before, host.disk());

    // Not even when the version that is current cannot be run.
    Files.delete(host.top().resolve("current/bin/easyagent-sidecar"));
    List<String> broken = host.disk();
    assertEquals("", host.guard());
    assertEquals(broken, host.disk());
  }

  @Test
  void aPowerCutBetweenTheTrialAndTheSwitchIsHarmless() throws Exception {
    host.version("2.0.1");
    host.trials().begin(TestInstallation.trial());
    List<String> before = host.disk();
    for (int start = 0; start < 5; start++) {
      assertEquals("", host.guard());
    }
    assertEquals(before, host.disk());
  }

  @Test
  void threeStartsAreCountedAndTheFourthIsOfTheVersionBefore() throws Exception {
    host.tryNewVersion();
    for (int start = 1; start <= 3; start++) {
      host.guard();
      assertEquals("2.0.1", host.current());
    }
    assertEquals(Optional.of((BOOT + " 1000\n").repeat(3)), host.trialFile("starts"));
    assertEquals(Optional.empty(), host.trials().rolledBack(OPERATION));

    assertTrue(host.guard().contains("back to version 2.0.0"));

    assertEquals("2.0.0", host.current());
    assertEquals(Optional.empty(), host.trials().find());
    assertEquals(
        Optional.of("it did not become ready and connect in 3 starts"),
        host.trials().rolledBack(OPERATION));
    List<String> after = host.disk();
    assertEquals("", host.guard(), "one way back, no retry");
    assertEquals(after, host.disk());
  }

  @Test
  void aHangThatOutlastsTheTimeIsOneStart() throws Exception {
    host.tryNewVersion();
    host.guard();
    host.clock(BOOT, 1_119);
    host.guard();
    assertEquals("2.0.1", host.current());
    host.clock(BOOT, 1_120);
    host.guard();
    assertEquals("2.0.0", host.current());
    assertEquals(
        Optional.of("it did not connect within 120 s"), host.trials().rolledBack(OPERATION));
  }

  @Test
  void anotherBootBeginsTheTimeAnewAndCountsOn() throws Exception {
    host.tryNewVersion();
    host.guard();
    host.clock(NEXT_BOOT, 5_000);
    host.guard();
    assertEquals("2.0.1", host.current());
    host.clock(NEXT_BOOT, 5_100);
    host.guard();
    assertEquals("2.0.1", host.current());
    assertEquals(
        Duration.ofSeconds(20),
        host.trials().left(TestInstallation.trial(), NEXT_BOOT, Duration.ofSeconds(5_100)));
    host.guard();
    assertEquals("2.0.0", host.current(), "three starts in both boots together");
  }

  @Test
  void theTimeOfALaterBootRunsOutToo() throws Exception {
    host.tryNewVersion();
    host.clock(NEXT_BOOT, 10);
    host.guard();
    host.clock(NEXT_BOOT, 130);
    host.guard();
    assertEquals("2.0.0", host.current());
  }

  @Test
  void aVersionThatGivesUpIsLeftAtOnceForItsOwnReason() throws Exception {
    host.tryNewVersion();
    host.guard();
    host.trials().giveUp("it did not connect within 5 s (refused:\n no such host)");
    host.guard();
    assertEquals("2.0.0", host.current());
    assertEquals(
        Optional.of("it did not connect within 5 s (refused:  no such host)"),
        host.trials().rolledBack(OPERATION));
  }

  @Test
  void aProgramThatIsNotThereIsLeftAtOnce() throws Exception {
    host.tryNewVersion();
    Files.delete(host.top().resolve("versions/2.0.1/bin/easyagent-sidecar"));
    host.guard();
    assertEquals("2.0.0", host.current());
    assertEquals(Optional.of("its program is not there"), host.trials().rolledBack(OPERATION));
  }

  @Test
  void aCurrentThatIsGoneIsMadeAnew() throws Exception {
    host.tryNewVersion();
    Files.delete(host.top().resolve("current"));
    host.guard();
    assertEquals("2.0.0", host.current());
  }

  @Test
  void aVersionBeforeThatIsGoneLeavesTheNewOne() throws Exception {
    host.tryNewVersion();
    TreeRemoval.remove(host.top().resolve("versions/2.0.0"));
    assertTrue(host.guard().contains("2.0.1 stays"));
    assertEquals("2.0.1", host.current());
    assertEquals(Optional.empty(), host.trials().find());
    assertEquals(Optional.empty(), host.trials().rolledBack(OPERATION));
  }

  @Test
  void aVersionThatSomebodyInstalledMeanwhileStays() throws Exception {
    host.tryNewVersion();
    host.version("2.0.2");
    host.current("2.0.2");
    assertTrue(host.guard().contains("made current by somebody else"));
    assertEquals("2.0.2", host.current());
    assertEquals(Optional.empty(), host.trials().find());
  }

  @Test
  void aDamagedRecordLeadsBackToWhatWorked() throws Exception {
    host.tryNewVersion();
    String whole = host.trialFile("open").orElseThrow();
    for (int length = 0; length < whole.length() - 1; length++) {
      make();
      host.tryNewVersion();
      Files.writeString(host.top().resolve("trial/open"), whole.substring(0, length));
      host.guard();
      assertEquals("2.0.0", host.current(), whole.substring(0, length));
      assertFalse(Files.exists(host.top().resolve("trial/open")));
    }
  }

  @Test
  void aDamagedRecordWithNothingToGoBackToIsClosed() throws Exception {
    host.tryNewVersion();
    Files.writeString(host.top().resolve("trial/open"), "kind=vers");
    Files.delete(host.top().resolve("trial/back"));
    assertTrue(host.guard().contains("the trial is closed"));
    assertEquals("2.0.1", host.current());
    assertEquals("", host.guard());
  }

  @Test
  void aRecordThatClimbsIsDamaged() throws Exception {
    host.tryNewVersion();
    Path open = host.top().resolve("trial/open");
    Files.writeString(open, Files.readString(open).replace("from=2.0.0", "from=../../etc"));
    host.guard();
    assertEquals("2.0.0", host.current());
  }

  /** The machine stops after each deed of the way back; the next start finishes it. */
  @Test
  void theWayBackIsFinishedWhereverTheMachineStopped() throws Exception {
    String reason = "it did not become ready and connect in 3 starts";
    for (int deeds = 1; deeds <= 2; deeds++) {
      make();
      host.tryNewVersion();
      Files.writeString(host.top().resolve("trial/reason"), reason + "\n");
      if (deeds == 2) {
        Files.delete(host.top().resolve("trial/back"));
        host.current("2.0.0");
      }
      host.guard();
      assertEquals("2.0.0", host.current());
      assertEquals(Optional.of(reason), host.trials().rolledBack(OPERATION));
    }
  }

  @Test
  void aWayBackWithoutRoomForItsReasonIsKnownToBeOver() throws Exception {
    host.tryNewVersion();
    Files.delete(host.top().resolve("trial/back"));
    host.current("2.0.0");
    host.guard();
    assertEquals("2.0.0", host.current());
    assertTrue(host.trials().isDecided(OPERATION));
    assertEquals("the guard could not write down why", host.trials().reason());
  }

  @Test
  void settingsThatDoNotProveThemselvesMakeRoomForThoseBefore() throws Exception {
    Path settings = Files.writeString(folder.resolve("sidecar.yaml"), "log: {level: info}\n");
    begin(settings, true);
    Files.writeString(settings, "log: {level: debug}\n");
    for (int start = 1; start <= 3; start++) {
      host.guard();
    }
    assertEquals("log: {level: debug}\n", Files.readString(settings));
    host.guard();
    assertEquals("log: {level: info}\n", Files.readString(settings));
    assertEquals("2.0.0", host.current());
    assertEquals(
        Optional.of("it did not become ready and connect in 3 starts"),
        host.trials().rolledBack(OPERATION));
  }

  @Test
  void settingsWhereNoneWereGoAgain() throws Exception {
    Path settings = folder.resolve("sidecar.yaml");
    begin(settings, false);
    Files.writeString(settings, "log: {level: debug}\n");
    host.trials().giveUp("it did not connect");
    host.guard();
    assertFalse(Files.exists(settings));
  }

  @Test
  void theWayBackOfSettingsIsFinishedWhereverTheMachineStopped() throws Exception {
    Path settings = Files.writeString(folder.resolve("sidecar.yaml"), "log: {level: info}\n");
    begin(settings, true);
    host.trials().giveUp("it did not connect");
    Files.delete(TrialFolder.before(settings));
    host.guard();
    assertEquals("log: {level: info}\n", Files.readString(settings));
    assertEquals(Optional.of("it did not connect"), host.trials().rolledBack(OPERATION));
  }

  private void begin(Path settings, boolean hadFormer) throws Exception {
    host.trials()
        .begin(
            new Trial(
                OPERATION,
                new Trial.What.Configuration(settings, hadFormer, "ab".repeat(32)),
                Duration.ofSeconds(120),
                BOOT,
                Duration.ofSeconds(1_000)));
  }
}
