package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.operation.work.CrashingJournal.Side;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.policy.SignedPackages;
import io.easyagent.sidecar.policy.TestPolicies;
import io.easyagent.sidecar.prepare.ArchiveBuilder;
import io.easyagent.sidecar.upgrade.Installation;
import io.easyagent.sidecar.upgrade.TestInstallation;
import io.easyagent.sidecar.upgrade.Trial;
import io.easyagent.sidecar.upgrade.Trials;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The operation that replaces the sidecar, through lives of both versions, with the real guard
 * between them.
 */
class UpgradeOperationsTest {
  private static final String NAME = "easyagent-sidecar-linux-x86_64";
  private static final SignedPackages MAKER = SignedPackages.newKey();
  private static final String ALREADY_OVER = "2.0.0 -> 2.0.1";

  @TempDir Path folder;

  private TestHost host;
  private TestInstallation installed;

  @BeforeEach
  void make() throws Exception {
    host = new TestHost(Files.createTempDirectory(folder, "host"));
    installed = new TestInstallation(Files.createTempDirectory(folder, "opt"));
    host.policy = new PolicySource.State.InForce(TestPolicies.acceptingSidecarsOf(MAKER));
    boot();
  }

  @AfterEach
  void close() throws Exception {
    host.close();
  }

  /** The next start of the sidecar takes what is current. */
  private void boot() throws Exception {
    installed.guard();
    host.installation = new Installation.Found.Installed(installed.of(installed.current()));
    host.ends.clear();
  }

  private static ArchiveBuilder distribution(String says) {
    String top = "easyagent-sidecar-2.0.1-linux-x86_64/";
    return new ArchiveBuilder()
        .file(top + "bin/easyagent-sidecar", "#!/bin/sh\necho easyagent-sidecar " + says, 0755)
        .file(top + "bin/easyagent-sidecar-loop", "#!/bin/sh\n", 0755)
        .file(top + "lib/easyagent-sidecar-guard", "#!/bin/sh\n", 0755)
        .file(top + "release-keys", "# of 2.0.1\n" + MAKER.text() + "\n", 0644);
  }

  private Command.UpgradeSidecar upgrade(ArchiveBuilder archive) {
    return new Command.UpgradeSidecar(
        MAKER.sign(host.artifacts.add(NAME, "2.0.1", archive.tarGz())));
  }

  private Command.UpgradeSidecar upgrade() {
    return upgrade(distribution("2.0.1"));
  }

  private void awaitSwitch() {
    Eventually.await(TestHost.SOON, "the sidecar wishes to end", () -> !host.ends.isEmpty());
  }

  private OperationResult awaitWhileTimePasses(TakenCommand command) {
    return Eventually.awaitValue(
        TestHost.SOON,
        "the end of the operation",
        () -> {
          host.clock.advance(Duration.ofSeconds(1));
          return host.find(command);
        });
  }

  private List<String> versions() throws Exception {
    try (var names = Files.list(installed.top().resolve("versions"))) {
      return names.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aVersionThatConnectsStays() throws Exception {
    installed.version("1.9.0");
    var life = host.start();
    TakenCommand command = host.command(upgrade());
    life.take(command);
    awaitSwitch();
    assertEquals("2.0.1", installed.current());
    assertEquals(Optional.empty(), host.find(command), "it has no end before the trial has");
    life.close();
    boot();

    var next = host.start();
    host.clock.advance(Duration.ofSeconds(5));
    assertEquals(Optional.empty(), host.find(command), "it waits for the end of the trial");
    installed.trials().find().ifPresent(this::pass);
    OperationResult result = awaitWhileTimePasses(command);

    assertEquals(ALREADY_OVER, result.message());
    assertEquals(Outcome.SUCCEEDED, result.outcome());
    assertEquals(List.of("2.0.0", "2.0.1"), versions(), "what runs, and the one before");
    Path keys = installed.top().resolve("release-keys");
    assertTrue(Files.readString(keys).startsWith("# of 2.0.1\n"), "its keys hold from now on");
    assertEquals("", installed.guard());
    next.close();
  }

  private void pass(Trial trial) {
    try {
      Trials.confirm(installed, trial);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void theVersionBeforeSaysWhyANewOneDidNotStay() throws Exception {
    var life = host.start();
    TakenCommand command = host.command(upgrade());
    life.take(command);
    awaitSwitch();
    life.close();
    for (int start = 0; start < 4; start++) {
      assertEquals("2.0.1", installed.current());
      installed.guard();
    }
    boot();

    host.start();
    OperationResult result = host.await(command);

    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals(
        "2.0.1 was rolled back: it did not become ready and connect in 3 starts", result.message());
    assertEquals("2.0.0", installed.current());
    assertEquals(List.of(), List.copyOf(host.ends), "no second try");
    Eventually.await(
        TestHost.SOON,
        "nothing is left of the trial",
        () -> !Files.exists(installed.top().resolve("trial/rolled-back")));
  }

  @Test
  void whatCannotBeTriedIsRefusedAndNothingIsChanged() throws Exception {
    PackageReference good = host.artifacts.add(NAME, "2.0.1", distribution("2.0.1").tarGz());
    refused("package: " + good + " is not signed (expected: a signature by a key of", good);
    refused("has a signature that is not of this name", SignedPackages.newKey().sign(good));
    refused(
        "has a signature that is not of this name",
        new PackageReference(
            NAME, "2.0.2", good.sha256(), good.size(), MAKER.sign(good).signature()));
    PackageReference other =
        host.artifacts.add("easyagent-sidecar-linux-aarch64", "2.0.1", new byte[100]);
    refused("distribution: easyagent-sidecar-linux-aarch64 (expected: " + NAME, MAKER.sign(other));
    refused(
        "version 2.0.0 runs already, from another archive",
        MAKER.sign(host.artifacts.add(NAME, "2.0.0", new byte[100])));
    assertEquals(List.of(), host.artifacts.offsets(), "nothing was fetched");

    PackageReference changed = MAKER.sign(good);
    byte[] bytes = distribution("2.0.1").tarGz();
    bytes[bytes.length / 2] ^= 1;
    host.artifacts.serve(changed.sha256(), bytes);
    refused("has the SHA-256", changed);

    byte[] whole = distribution("2.0.1").tarGz();
    refused(
        "cannot be unpacked",
        MAKER.sign(host.artifacts.add(NAME, "2.0.1", Arrays.copyOf(whole, whole.length / 2))));
    refused(
        "its program says \"easyagent-sidecar 2.0.7\" (expected: \"easyagent-sidecar 2.0.1\")",
        upgrade(distribution("2.0.7")).distribution());
    refused("exit status 1", upgrade(distribution("2.0.1; exit 1")).distribution());
    refused(
        "no bin/easyagent-sidecar in it",
        upgrade(new ArchiveBuilder().file("top/README", "", 0644)).distribution());
  }

  private void refused(String reason, PackageReference distribution) throws Exception {
    OperationResult result = host.run(host.start(), new Command.UpgradeSidecar(distribution));
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(result.message().contains(reason), result.message());
    assertEquals(List.of("2.0.0"), versions());
    assertEquals("2.0.0", installed.current());
    assertEquals(List.of(), List.copyOf(host.ends));
    assertFalse(Files.exists(installed.top().resolve("trial/open")));
  }

  @Test
  void whatRunsAlreadyIsNotTried() throws Exception {
    Command.UpgradeSidecar upgrade = upgrade();
    installed.version("2.0.1");
    Files.writeString(
        installed.top().resolve("versions/2.0.1/SHA256"), upgrade.distribution().sha256() + "\n");
    installed.current("2.0.1");
    boot();
    OperationResult result = host.run(host.start(), upgrade);
    assertEquals(Outcome.SUCCEEDED, result.outcome());
    assertEquals("2.0.1 runs already", result.message());
  }

  @Test
  void aSidecarThatNobodyInstalledIsNotReplaced() {
    host.installation = new Installation.Found.Elsewhere("it runs from /home (expected: /opt)");
    OperationResult result = host.run(host.start(), upgrade());
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals("it runs from /home (expected: /opt)", result.message());
  }

  /**
   * The sidecar dies before and after each append, and the guard is asked before each of its lives:
   * the operation has one end, and it is that of the version that runs.
   */
  @ParameterizedTest
  @EnumSource(Side.class)
  void theSidecarMayDieAtEveryStep(Side side) throws Exception {
    boolean crashed = true;
    for (int crashAt = 1; crashed; crashAt++) {
      host.close();
      make();
      CrashingJournal journal = new CrashingJournal(host.disk, crashAt, side);
      var life = host.start(journal);
      TakenCommand command = host.command(upgrade());
      try {
        life.take(command);
      } catch (CrashingJournal.Death dead) {
        assertTrue(journal.isDead());
      }
      Eventually.await(
          TestHost.SOON, "dead, or to end", () -> journal.isDead() || !host.ends.isEmpty());
      crashed = journal.isDead();
      life.close();
      boot();
      var next = host.start();
      if (host.disk.state().operations().get(command.id()) == null) {
        next.take(command);
      }
      for (int lives = 0; host.find(command).isEmpty(); lives++) {
        assertTrue(lives < 3, "lives");
        Eventually.await(
            TestHost.SOON,
            "to end, or ended",
            () -> {
              host.clock.advance(Duration.ofSeconds(1));
              if (installed.current().equals("2.0.1") && host.ends.isEmpty()) {
                installed.trials().find().ifPresent(this::pass);
              }
              return !host.ends.isEmpty() || host.find(command).isPresent();
            });
        if (host.find(command).isEmpty()) {
          next.close();
          boot();
          next = host.start();
        }
      }
      OperationResult result = host.await(command);
      assertEquals(ALREADY_OVER, result.message(), "crash at " + crashAt);
      assertEquals("2.0.1", installed.current());
      assertEquals(1, host.finished(command));
    }
  }
}
