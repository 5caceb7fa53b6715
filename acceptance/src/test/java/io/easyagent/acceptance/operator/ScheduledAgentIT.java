package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.api.Agent;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scheduled agents, from the file that is applied to the runs of a real process. */
class ScheduledAgentIT {
  /** The next minute, and a run of a moment. */
  private static final Duration A_MINUTE = Duration.ofSeconds(100);

  @TempDir static Path folder;

  private static Site site;

  @BeforeAll
  static void open() throws Exception {
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @AfterEach
  void nobodyElseIsHarmed() {
    site.assertUnharmed();
  }

  private static Path definition(String name, String script, String schedule) throws IOException {
    return site.file(
        name + ".yaml",
        """
        name: %s
        type: scheduled
        user: %s
        command: [/bin/sh, -c, '%s']
        schedule: {%s}
        """
            .formatted(name, Site.user(), script, schedule));
  }

  private static void uninstall(String name) {
    site.uninstall(name);
    assertEquals(Optional.empty(), site.findAgent(name));
  }

  @Test
  void aWrongLineIsRefusedWithItsPlaceBeforeAnythingIsDone() throws Exception {
    CommandLine.Result hour =
        site.apply(definition("wrong", "true", "cron: \"0 25 * * *\"")).expect(2);
    assertTrue(
        hour.err().contains("wrong.yaml:5:18 schedule.cron: character 3, hour: 25 (expected: 0 to"),
        hour::screen);
    CommandLine.Result never =
        site.apply(definition("wrong", "true", "cron: \"0 0 30 2 *\"")).expect(2);
    assertTrue(never.err().contains("30 2 never comes"), never::screen);
    CommandLine.Result zone =
        site.apply(definition("wrong", "true", "cron: \"@daily\", timezone: Europe/Berln"))
            .expect(2);
    assertTrue(zone.err().contains("(did you mean Europe/Berlin?)"), zone::screen);
    assertEquals(Optional.empty(), site.findAgent("wrong"));
  }

  @Test
  void anAppliedScheduleWaitsForItsNextRun() throws Exception {
    int year = LocalDate.now(ZoneOffset.UTC).getYear() + 1;
    Instant newYear = Instant.parse(year + "-01-01T00:00:00Z");
    CommandLine.Result applied =
        site.apply(definition("yearly", "exit 1", "cron: \"@yearly\"")).expect(0);
    Agent waiting = site.awaitState("yearly", Agent.State.waiting);
    assertEquals(Agent.Type.scheduled, waiting.type());
    assertEquals(Agent.Desired.running, waiting.desired());
    assertEquals(Optional.of(newYear), waiting.nextStart());
    assertEquals(Optional.empty(), waiting.pid());
    CommandLine.Result listed = site.run("agent", "list").expect(0);
    assertTrue(
        listed.out().matches("(?s).*yearly +\\S+ +waiting .* next \\d{4}-.*"), listed::screen);

    CommandLine.Result again = site.run("agent", "start", "yearly", "--all").expect(0);
    assertEquals(waiting.since(), site.agent("yearly").since(), again::screen);
    CommandLine.Result now =
        site.run(
                "agent",
                "exec",
                "yearly",
                "--all",
                "--env",
                "A=b",
                "--",
                "sh",
                "-c",
                "pwd; echo $A")
            .expect(0);
    assertTrue(now.out().endsWith("/agents/yearly/data\nb\n"), now::screen);
    assertEquals(waiting.since(), site.agent("yearly").since(), "it is no run of the schedule");
    site.apply(definition("yearly", "exit 1", "cron: \"0 6 1 1 *\", timezone: Asia/Kolkata"))
        .expect(0);
    Eventually.await(
        A_MINUTE,
        "the other time is shown",
        () -> site.agent("yearly").nextStart().equals(Optional.of(newYear.plusSeconds(30 * 60))));

    site.run("agent", "stop", "yearly", "--all").expect(0);
    Agent stopped = site.awaitState("yearly", Agent.State.stopped);
    assertEquals(Optional.empty(), stopped.nextStart());
    assertFalse(applied.out().isEmpty(), applied::screen);
    uninstall("yearly");
  }

  @Test
  void aRunBeginsAtItsMinuteAndIsTold() throws Exception {
    Path witness = site.newFolder("runs-").resolve("witness");
    site.apply(definition("minutely", "date +%s >> " + witness + "; exit 3", "cron: \"* * * * *\""))
        .expect(0);
    assertEquals(0, secondOf(site.awaitState("minutely", Agent.State.waiting)));
    Agent told =
        Eventually.awaitValue(
            A_MINUTE,
            "its run is told",
            () ->
                site.findAgent("minutely")
                    .filter(agent -> agent.state() == Agent.State.waiting)
                    .filter(agent -> agent.cause().startsWith("last run ")));
    site.run("agent", "stop", "minutely", "--all").expect(0);
    assertTrue(told.cause().contains(": exit 3 after 0."), told::cause);
    assertTrue(told.nextStart().orElseThrow().isAfter(told.since().orElseThrow()), told::toString);
    assertEquals(0, secondOf(told));
    List<String> runs = Files.readAllLines(witness);
    for (String run : runs) {
      assertTrue(Long.parseLong(run) % 60 < 20, "long after its minute: " + run);
    }
    assertEquals(
        runs.size(), runs.stream().map(run -> Long.parseLong(run) / 60).distinct().count());
    CommandLine.Result events = site.run("events", "--agent", "minutely").expect(0);
    assertTrue(events.out().contains("run-failed"), events::screen);
    uninstall("minutely");
  }

  private static long secondOf(Agent waiting) {
    return waiting.nextStart().orElseThrow().getEpochSecond() % 60;
  }
}
