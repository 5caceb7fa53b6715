package io.easyagent.acceptance.service;

import io.easyagent.acceptance.realhost.SidecarHost;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link UpgradeIT}, under the sidecar's own restart loop. */
final class UpgradeLoopIT {
  @TempDir static Path folder;

  private static UpgradedHost host;

  @BeforeAll
  static void start() throws Exception {
    host =
        new UpgradedHost(
            "upgr-loop",
            folder,
            made ->
                made.host()
                    .run(
                        "env",
                        "EASYAGENT_TRIAL_SECONDS=" + UpgradedHost.WITHIN,
                        "EASYAGENT_LOOP_LOOK=5",
                        SidecarHost.HOME + "/current/bin/easyagent-sidecar-loop",
                        "start")
                    .expect(0));
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
  }

  @Test
  void versionsThatAreGoodStayAndOthersAreRolledBack() throws Exception {
    host.agents.awaitRunning();
    Map<String, String> processes = host.processes();
    host.push(host.maker.good("2.0.1"));
    host.upgrade("2.0.1").expect(0);
    host.assertRuns("2.0.1", processes);

    host.push(host.maker.bad("2.2.1", "exit 1"));
    host.fails("2.2.1", "2.2.1 was rolled back: it did not become ready and connect in 3 starts");
    host.assertRuns("2.0.1", processes);

    host.push(host.maker.bad("2.2.2", "exec sleep 1000"));
    host.fails("2.2.2", "2.2.2 was rolled back: it did not connect within 25 s");
    host.assertRuns("2.0.1", processes);
  }
}
