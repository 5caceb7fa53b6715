package io.easyagent.sidecar.upgrade;

import static io.easyagent.sidecar.upgrade.TestInstallation.BOOT;
import static io.easyagent.sidecar.upgrade.TestInstallation.NEXT_BOOT;
import static io.easyagent.sidecar.upgrade.TestInstallation.OPERATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialTextTest {
  /** The time of people at second 1,000 of the machine. */
  private static final Instant BEGAN = Instant.parse("2026-03-01T02:00:00.500Z");

  @TempDir Path folder;

  private TestInstallation host;

  @BeforeEach
  void make() throws Exception {
    host = new TestInstallation(folder);
  }

  private Optional<String> textAfter(int seconds) throws Exception {
    host.clock(BOOT, 1_000 + seconds);
    return found(BEGAN.plusSeconds(seconds));
  }

  private Optional<String> found(Instant now) {
    return TrialText.find(host.of("2.0.1"), host.proc(), Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void withoutATrialThereIsNothingToTell() throws Exception {
    assertEquals(Optional.empty(), textAfter(5));
    host.tryNewVersion();
    host.trials().confirm(TestInstallation.trial());
    assertEquals(Optional.empty(), textAfter(5));
  }

  @Test
  void aVersionIsToldWithItsTimeAndTheWayBack() throws Exception {
    host.tryNewVersion();
    assertEquals(
        Optional.of(
            "version 2.0.1 since 2026-03-01T02:00:00Z, to be confirmed by 2026-03-01T02:02:00Z"
                + " (in 89 s); otherwise the sidecar goes back to version 2.0.0"),
        textAfter(30));
    assertEquals(
        Optional.of(
            "version 2.0.1 was not confirmed by 2026-03-01T02:02:00Z; the next start goes back to"
                + " version 2.0.0"),
        textAfter(120));
  }

  @Test
  void aBootBeginsTheTimeAnew() throws Exception {
    host.tryNewVersion();
    host.clock(NEXT_BOOT, 20);
    host.guard();
    host.clock(NEXT_BOOT, 50);
    assertEquals(
        Optional.of(
            "version 2.0.1 since 2026-03-01T02:59:30Z, to be confirmed by 2026-03-01T03:01:30Z"
                + " (in 89 s); otherwise the sidecar goes back to version 2.0.0"),
        found(Instant.parse("2026-03-01T03:00:00.500Z")));
  }

  @Test
  void whatWasGivenUpIsToldWithItsReason() throws Exception {
    host.tryNewVersion();
    host.trials().giveUp("it did not connect");
    assertEquals(
        Optional.of(
            "version 2.0.1 has failed (it did not connect); the next start goes back to version"
                + " 2.0.0"),
        textAfter(30));
    host.guard();
    assertEquals(Optional.empty(), textAfter(31));
  }

  @Test
  void settingsAreToldWithThoseBefore() throws Exception {
    Path file = folder.toRealPath().resolve("sidecar.yaml");
    Files.writeString(file, "{}");
    trySettings(file, true);
    String since =
        "settings in "
            + file
            + " since 2026-03-01T02:00:00Z, to be confirmed by 2026-03-01T02:02:00Z (in 109 s);"
            + " otherwise the sidecar goes back to ";
    assertEquals(Optional.of(since + "those in " + file + ".before"), textAfter(10));
    trySettings(file, false);
    assertEquals(Optional.of(since + "the defaults, without the file"), textAfter(10));
  }

  private void trySettings(Path file, boolean hadFormer) throws Exception {
    host.trials()
        .begin(
            new Trial(
                OPERATION,
                new Trial.What.Configuration(file, hadFormer, "ab".repeat(32)),
                Duration.ofSeconds(120),
                BOOT,
                Duration.ofSeconds(1_000)));
  }

  @Test
  void aTrialThatCannotBeReadIsToldAsThat() throws Exception {
    Files.createDirectories(host.top().resolve("trial/open"));
    String text = textAfter(1).orElse("nothing");
    assertTrue(text.startsWith("not known: "), text);
  }
}
