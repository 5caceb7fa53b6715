package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.api.Agent;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands before and after an agent's process, from the definition to what the operator sees. */
class HooksIT {
  @TempDir static Path folder;

  private static Site site;
  private Path work;

  @BeforeAll
  static void open() throws Exception {
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void makeFolder() throws IOException {
    work = site.newFolder("hooks-");
  }

  @AfterEach
  void nobodyElseIsHarmed() {
    site.uninstall("hooked");
    site.assertUnharmed();
  }

  private CommandLine.Result apply(String preStart, String main, String postStop, String... more)
      throws IOException {
    Path definition =
        site.file(
            "hooked.yaml",
            """
            name: hooked
            user: %s
            command: [/bin/sh, -c, '%s']
            restart: {policy: on-failure, backoff: 100ms..1s}
            stop: {grace: 5s}
            preStart: {command: [/bin/sh, -c, '%s'], timeout: 60s}
            postStop: {command: [/bin/sh, -c, '%s'], timeout: 60s}
            """
                .formatted(Site.user(), main, preStart, postStop));
    return more.length == 0
        ? site.apply(definition)
        : site.run("apply", "--all", "-f", definition.toString(), more[0]);
  }

  private String witness(String words) {
    return "echo " + words + " >> " + work.resolve("witness");
  }

  private String untilThereIs(String name) {
    return "; while [ ! -e " + work.resolve(name) + " ]; do sleep 0.05; done";
  }

  private List<String> witnessed() throws IOException {
    Path file = work.resolve("witness");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static Agent awaitCause(Agent.State state, String begin) {
    return Eventually.awaitValue(
        Fleet.PATIENCE,
        "it is " + state + ", " + begin,
        () ->
            site.findAgent("hooked")
                .filter(agent -> agent.state() == state && agent.cause().startsWith(begin)));
  }

  @Test
  void theyRunAroundEveryLaunchAndWhatFailsIsShown() throws Exception {
    apply(
            witness("pre"),
            witness("main") + "; sleep 1000 & wait",
            witness("post $EASYAGENT_END $EASYAGENT_SIGNAL") + "; echo not empty; exit 7")
        .expect(0);
    int pid = site.pid("hooked");
    assertEquals(List.of("pre", "main"), witnessed());
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    Eventually.await(
        Fleet.PATIENCE,
        "it runs again",
        () -> site.findAgent("hooked").flatMap(Agent::pid).filter(next -> next != pid).isPresent());
    assertEquals(List.of("pre", "main", "post signalled KILL", "pre", "main"), witnessed());

    site.run("agent", "stop", "hooked", "--all").expect(0);
    Agent stopped = awaitCause(Agent.State.stopped, "postStop: exit 7 after ");
    assertEquals("post signalled TERM", witnessed().getLast());
    assertEquals(Agent.Desired.stopped, stopped.desired());
    CommandLine.Result events = site.run("events", "--agent", "hooked").expect(0);
    assertTrue(events.out().contains("hook-failed"), events::screen);
    assertTrue(events.out().contains("\"not empty\""), events::screen);
  }

  @Test
  void aStartWhosePreStartFailsHasFailed() throws Exception {
    CommandLine.Result applied =
        apply("echo no such disk; exit 3", witness("main"), witness("post $EASYAGENT_EXIT_STATUS"));
    applied.expect(1);
    assertTrue(applied.err().contains("preStart: exit 3 after "), applied::screen);
    assertTrue(applied.err().contains("no such disk"), applied::screen);
    Agent looping = awaitCause(Agent.State.backingOff, "crash loop: ");
    assertTrue(looping.cause().contains("last: preStart: exit 3 after "), looping::toString);
    assertEquals(List.of("post 3"), witnessed().stream().distinct().toList());
  }

  @Test
  void aSidecarThatIsKilledWithinAHookGoesOnWithIt() throws Exception {
    apply(
            witness("pre") + untilThereIs("prepared"),
            witness("main") + "; sleep 1000 & wait",
            witness("post") + untilThereIs("cleaned"),
            "--detach")
        .expect(0);
    Agent starting = awaitCause(Agent.State.starting, "preStart runs");
    assertEquals(Optional.empty(), starting.pid());
    Eventually.await(Fleet.PATIENCE, "preStart runs", () -> !witnessed().isEmpty());
    site.fleet().killSidecar();
    Files.createFile(work.resolve("prepared"));
    site.pid("hooked");
    assertEquals(List.of("pre", "main"), witnessed());

    site.run("agent", "stop", "hooked", "--all", "--detach").expect(0);
    awaitCause(Agent.State.stopping, "postStop runs");
    Eventually.await(Fleet.PATIENCE, "postStop runs", () -> witnessed().contains("post"));
    site.fleet().killSidecar();
    Files.createFile(work.resolve("cleaned"));
    site.awaitState("hooked", Agent.State.stopped);
    assertEquals(List.of("pre", "main", "post"), witnessed());
  }

  @Test
  void aSecretInAHookIsRefused() throws Exception {
    CommandLine.Result applied = apply("echo {{secret.key}}", "sleep 1000", "true");
    applied.expect(2);
    assertTrue(
        applied.err().contains("preStart.command[2]: ")
            && applied.err().contains("no secret in a command"),
        applied::screen);
    apply("true", "sleep 1000 & wait", "true").expect(0);
  }
}
