package io.easyagent.acceptance.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The sidecar is killed, or its machine loses its power, while it is replaced. The host comes back
 * in one of the two versions, and the operation has the end that is true.
 */
final class UpgradeFaultsIT {
  private static final int PATIENCE_SECONDS = 180;

  @TempDir static Path folder;

  private static UpgradedHost host;

  /** When it happens: as soon as this holds for the version, as a line for the shell. */
  private enum Moment {
    FETCHING("ls incoming/*.partial"),
    UNPACKING("[ -d versions/$version.new ]"),
    ON_TRIAL("[ -f trial/open ]"),
    SWITCHED("[ \"$(readlink current)\" = versions/$version ]"),
    STARTED("[ -f trial/starts ]");

    private final String condition;

    Moment(String condition) {
      this.condition = condition;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    host = UpgradedHost.withUnit("upgr-fault", folder);
    host.push(host.maker.good("3.0.1"));
    host.push(host.maker.good("3.0.2"));
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void aKilledSidecarGoesOnAndItsAgentsLive(Moment moment) throws Exception {
    host.agents.awaitRunning();
    Map<String, String> processes = host.processes();
    strikeDuringAnUpgrade(
        moment, version -> await(moment, version, "; systemctl kill -s KILL " + SidecarHost.UNIT));
    assertEquals(processes, host.processes(), host.host::lastLog);
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void aMachineWithoutPowerComesBackInOneOfTheTwo(Moment moment) throws Exception {
    strikeDuringAnUpgrade(
        moment,
        version -> {
          await(moment, version, "");
          host.machine.cutPower();
          host.machine.switchOn();
        });
    host.agents.awaitRunning();
  }

  private interface Strike {
    void at(String version) throws Exception;
  }

  private static void strikeDuringAnUpgrade(Moment moment, Strike strike) throws Exception {
    String before = host.version();
    String next = before.equals("3.0.1") ? "3.0.2" : "3.0.1";
    host.machine
        .shell(
            "cd %s/versions; for each in *; do [ $each = %s ] || rm -rf $each; done"
                .formatted(SidecarHost.HOME, before))
        .expect(0);
    CompletableFuture<CommandLine.Result> ended =
        // Not on the common pool, which the command line's own connection needs.
        CompletableFuture.supplyAsync(() -> host.upgrade(next), Thread::startVirtualThread);
    strike.at(next);
    CommandLine.Result result = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertTrue(result.status() == 0 || result.status() == 1, result::screen);
    if (result.status() == 1) {
      assertTrue(result.screen().contains(next + " was rolled back: "), result::screen);
    }
    host.assertRuns(result.status() == 0 ? next : before);
    assertEquals(
        "running",
        host.machine
            .shell(
                "[ \"$(readlink %1$s/current)\" = versions/%2$s ] && echo running"
                    .formatted(SidecarHost.HOME, host.version()))
            .output()
            .strip(),
        moment::name);
  }

  private static void await(Moment moment, String version, String then) throws Exception {
    RealHost.Result seen =
        host.machine.run(
            "timeout",
            "60",
            "sh",
            "-c",
            "cd %s; version=%s; until %s; do :; done >/dev/null 2>&1%s"
                .formatted(SidecarHost.HOME, version, moment.condition, then));
    seen.expect(0);
  }
}
