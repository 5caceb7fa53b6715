package io.easyagent.sidecar.upgrade;

import static io.easyagent.sidecar.upgrade.TestInstallation.BOOT;
import static io.easyagent.sidecar.upgrade.TestInstallation.OPERATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialWatchTest {
  @TempDir Path folder;

  private final FakeClock clock = new FakeClock();
  private final List<String> ends = new ArrayList<>();
  private TestInstallation host;
  private OptionalLong session = OptionalLong.empty();

  @BeforeEach
  void make() throws Exception {
    host = new TestInstallation(folder);
    host.tryNewVersion();
  }

  private Optional<TrialWatch> begin(String version) throws Exception {
    return TrialWatch.begin(
        new Installation.Found.Installed(host.of(version)),
        host.proc(),
        new TrialWatch.Sessions(() -> session, () -> "not connected: refused"),
        ends::add,
        clock::scheduler);
  }

  private void seconds(int number) {
    clock.advance(Duration.ofSeconds(number));
  }

  @Test
  void aSessionThatStandsConfirms() throws Exception {
    assertTrue(begin("2.0.1").isPresent());
    seconds(5);
    assertTrue(host.trials().find().isPresent());
    session = OptionalLong.of(7);
    seconds(2);
    assertTrue(host.trials().find().isPresent());
    seconds(1);
    assertEquals(Optional.empty(), host.trials().find());
    assertFalse(Files.exists(host.top().resolve("trial/back")));
    host.clock(BOOT, 9_000);
    seconds(5);
    assertEquals(List.of(), ends);
  }

  @Test
  void sessionsThatBreakAtOnceDoNotConfirm() throws Exception {
    assertTrue(begin("2.0.1").isPresent());
    seconds(1);
    for (int number = 1; number <= 20; number++) {
      session = OptionalLong.of(number);
      seconds(2);
    }
    assertTrue(host.trials().find().isPresent());
  }

  @Test
  void pastItsTimeItIsGivenUpWithTheReason() throws Exception {
    assertTrue(begin("2.0.1").isPresent());
    host.clock(BOOT, 1_119);
    seconds(2);
    assertEquals(List.of(), ends);
    host.clock(BOOT, 1_120);
    seconds(2);
    String reason = "it did not connect within 120 s (not connected: refused)";
    assertEquals(List.of(reason), ends);
    assertTrue(host.trials().isDecided(OPERATION));
    host.guard();
    assertEquals("2.0.0", host.current());
    assertEquals(Optional.of(reason), host.trials().rolledBack(OPERATION));
  }

  @Test
  void theVersionBeforeDoesNotJudge() throws Exception {
    assertEquals(Optional.empty(), begin("2.0.0"));
  }

  @Test
  void withoutATrialThereIsNothingToJudge() throws Exception {
    host.trials().confirm(TestInstallation.trial());
    assertEquals(Optional.empty(), begin("2.0.1"));
  }

  @Test
  void aTrialIsReadAsItWasWritten() {
    Trial version = TestInstallation.trial();
    assertEquals(Optional.of(version), Trial.parse(version.text()));
    Trial settings =
        new Trial(
            OPERATION,
            new Trial.What.Configuration(Path.of("/etc/s.yaml"), true, "ab".repeat(32)),
            Duration.ofSeconds(60),
            BOOT,
            Duration.ofSeconds(5));
    assertEquals(Optional.of(settings), Trial.parse(settings.text()));
    for (int length = 0; length < version.text().length(); length++) {
      assertEquals(Optional.empty(), Trial.parse(version.text().substring(0, length)));
    }
  }
}
