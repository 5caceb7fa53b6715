package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.api.Batch;
import io.easyagent.api.Command;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.api.client.HostQuery;
import io.easyagent.sidecar.local.StatusSocket;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose journal is damaged takes no commands, says so, and harms nothing. */
class UnreadableJournalIT {
  private static final int DAMAGED = 80;

  @TempDir Path folder;

  @Test
  void intakeStopsTheConditionIsShownAndARepairedHostGoesOn() throws Exception {
    try (Site site = new Site(folder)) {
      int neighbour = site.pid("neighbour");
      Path journal = site.fleet().hostData().resolve("journal/journal-000000000001");
      int original = replaceByte(journal, ~readByte(journal));

      site.fleet().killSidecar();

      Host host =
          Eventually.awaitValue(
              Fleet.PATIENCE,
              "the condition is shown",
              () ->
                  Optional.of(host(site))
                      .filter(shown ->
                          shown.conditions().stream()
                              .anyMatch(condition -> condition.contains(journal.toString()))));
      assertEquals(Host.Status.offline, host.status(), "it takes no commands");
      CommandLine.Result shown = site.run("host", "show", host.name()).expect(0);
      assertTrue(shown.out().contains("takes no commands"), shown::screen);
      CommandLine.Result listed = site.run("host", "list").expect(0);
      assertFalse(listed.out().contains("conflicted"), listed::screen);
      String status = StatusSocket.ask(site.fleet().hostData());
      assertTrue(status.contains("intake   STOPPED: journal " + journal), status);
      assertTrue(isAlive(neighbour), "the agent runs on");
      assertEquals(
          1,
          site.run("agent", "list", "neighbour")
              .expect(0)
              .out()
              .lines()
              .filter(line -> line.startsWith("neighbour"))
              .count(),
          "nothing is treated as empty");

      Batch batch = site.fleet().submit(Command.script("echo done"));
      assertEquals(Operation.State.queued, onlyOperation(site, batch).state());

      replaceByte(journal, original);
      site.fleet().killSidecar();

      Operation operation = site.fleet().await(batch);
      assertEquals(Operation.State.succeeded, operation.state());
      assertEquals(
          List.of(),
          host(site).conditions().stream()
              .filter(condition -> condition.contains("journal"))
              .toList());
      assertEquals(neighbour, site.pid("neighbour"), "pid of the agent");
      site.assertUnharmed();
    }
  }

  private static Host host(Site site) {
    return site.fleet().client().hosts(HostQuery.all()).collect(2).items().getFirst();
  }

  private static Operation onlyOperation(Site site, Batch batch) {
    return site.fleet()
        .client()
        .operationsOf(batch.id().toString(), Optional.empty())
        .collect(2)
        .items()
        .getFirst();
  }

  private static int readByte(Path file) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
      opened.seek(DAMAGED);
      return opened.read();
    }
  }

  /**
   * @return what was there
   */
  private static int replaceByte(Path file, int value) throws IOException {
    int before = readByte(file);
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.seek(DAMAGED);
      opened.write(value);
    }
    return before;
  }

  private static boolean isAlive(int pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
