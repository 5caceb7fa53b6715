package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.upgrade.Installation;
import io.easyagent.sidecar.upgrade.TestInstallation;
import io.easyagent.sidecar.upgrade.Trial;
import io.easyagent.sidecar.upgrade.Trials;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operation that changes the sidecar's own settings. Needs root, whose file they are. */
class SettingsOperationsIT {
  private static final String FORMER = "server: {addresses: [\"old:8890\"]}\n";
  private static final String WANTED = "server: {addresses: [\"new:8890\"]}\nlog: {level: debug}\n";

  @TempDir Path folder;

  private TestHost host;
  private TestInstallation installed;

  @BeforeEach
  void make() throws Exception {
    host = new TestHost(folder);
    installed = new TestInstallation(folder);
    Files.writeString(host.settings, FORMER);
    Files.setPosixFilePermissions(host.settings, PosixFilePermissions.fromString("rw-------"));
    host.installation = new Installation.Found.Installed(installed.of("2.0.0"));
  }

  @AfterEach
  void close() throws Exception {
    host.close();
  }

  private TakenCommand change(String content) throws Exception {
    var life = host.start();
    TakenCommand command = host.command(new Command.ConfigureSidecar(content));
    life.take(command);
    Eventually.await(TestHost.SOON, "the sidecar wishes to end", () -> !host.ends.isEmpty());
    assertEquals(content, Files.readString(host.settings));
    life.close();
    host.ends.clear();
    return command;
  }

  @Test
  void settingsThatProveThemselvesStay() throws Exception {
    TakenCommand command = change(WANTED);
    installed.guard();
    host.start();
    Trial trial = installed.trials().find().orElseThrow();
    Trials.confirm(installed, trial);
    OperationResult result =
        Eventually.awaitValue(
            TestHost.SOON,
            "its end",
            () -> {
              host.clock.advance(Duration.ofSeconds(1));
              return host.find(command);
            });
    assertEquals("in force", result.message());
    assertEquals(Outcome.SUCCEEDED, result.outcome());
    assertEquals(WANTED, Files.readString(host.settings));
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(host.settings));
    assertFalse(Files.exists(host.settings.resolveSibling("sidecar.yaml.before")));
  }

  @Test
  void settingsThatDoNotAreRolledBackAndTheOperationSaysWhy() throws Exception {
    TakenCommand command = change(WANTED);
    installed.guard();
    Trials.giveUp(installed, "it did not connect within 120 s (nobody answers)");
    installed.guard();
    assertEquals(FORMER, Files.readString(host.settings));
    host.start();
    OperationResult result = host.await(command);
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals(
        "the settings were rolled back: it did not connect within 120 s (nobody answers)",
        result.message());
    assertEquals(List.of(), List.copyOf(host.ends), "no second try");
  }

  @Test
  void aDeathBetweenTheTrialAndTheSwitchGoesOn() throws Exception {
    TakenCommand command = change(WANTED);
    Files.writeString(host.settings, FORMER);
    installed.guard();
    host.start();
    Eventually.await(TestHost.SOON, "it is tried again", () -> !host.ends.isEmpty());
    assertEquals(WANTED, Files.readString(host.settings));
    assertTrue(host.find(command).isEmpty());
  }

  @Test
  void whatIsWrongOrNotTheServersIsRefusedAndNothingIsChanged() throws Exception {
    refused("sidecar.yaml:1: unknown key \"serverr\" (nearest: \"server\")", "serverr: {}\n");
    refused("(expected: error, warning, info or debug)", "log: {level: loud}\n");
    refused(
        "data: /tmp/x (expected: /var/lib/easyagent-sidecar; only the host itself changes it)",
        "data: /tmp/x\n");
    refused("policy: /tmp/x (expected: none; only the host itself changes it)", "policy: /tmp/x\n");
    refused(
        "definitions: /tmp/x (expected: none; only the host itself changes it)",
        "definitions: /tmp/x\n");

    Files.setPosixFilePermissions(host.settings, PosixFilePermissions.fromString("rw-rw-rw-"));
    refused("mode: 666 (expected: writable by root only)", WANTED);

    Path elsewhere = Files.move(host.settings, host.settings.resolveSibling("elsewhere.yaml"));
    Files.createSymbolicLink(host.settings, elsewhere);
    OperationResult result = host.run(host.start(), new Command.ConfigureSidecar(WANTED));
    assertTrue(result.message().contains("is a link"), result.message());
    assertTrue(Files.isSymbolicLink(host.settings));
    assertEquals(FORMER, Files.readString(elsewhere));
  }

  private void refused(String reason, String content) throws Exception {
    OperationResult result = host.run(host.start(), new Command.ConfigureSidecar(content));
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(result.message().contains(reason), result.message());
    assertEquals(FORMER, Files.readString(host.settings));
    assertEquals(List.of(), List.copyOf(host.ends));
    assertFalse(Files.exists(installed.top().resolve("trial/open"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void whatIsInForceIsNotTried() throws Exception {
    OperationResult result = host.run(host.start(), new Command.ConfigureSidecar(FORMER));
    assertEquals(Outcome.SUCCEEDED, result.outcome());
    assertEquals("in force already", result.message());
  }
}
