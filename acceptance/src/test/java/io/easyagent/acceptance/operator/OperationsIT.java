package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.api.Agent;
import io.easyagent.api.Operation;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seven operations, typed by an operator. */
class OperationsIT {
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

  @Test
  void aPackagedAgentLivesItsWholeLife() throws Exception {
    push("life", "1.0");
    CommandLine.Result listed = site.run("package", "list", "life").expect(0);
    assertTrue(listed.out().contains("life     1.0"), listed::screen);

    CommandLine.Result installed = apply("install", packaged("life", "1.0", "a", "b", "c"));
    assertEquals("1/1  ok 1\n", installed.out(), installed::screen);
    assertEquals(Agent.State.stopped, site.agent("life").state());

    site.run("agent", "start", "life", "--all").expect(0);
    int started = site.pid("life");
    CommandLine.Result shown = site.run("agent", "list", "life").expect(0);
    assertTrue(shown.out().contains("running"), shown::screen);
    assertTrue(shown.out().contains("1.0"), shown::screen);

    site.run("agent", "restart", "life", "--all").expect(0);
    int restarted = site.pid("life");
    assertNotEquals(started, restarted);
    assertFalse(Site.alive(started), "the process before the restart");

    site.run("agent", "stop", "life", "--all").expect(0);
    Agent stopped = site.awaitState("life", Agent.State.stopped);
    assertEquals(Agent.Desired.stopped, stopped.desired());
    assertFalse(Site.alive(restarted), "the stopped process");

    site.run("agent", "start", "life", "--all").expect(0);
    int beforeUpgrade = site.pid("life");
    push("life", "2.0");
    site.run("agent", "upgrade", "life", "2.0", "--all").expect(0);
    assertNotEquals(beforeUpgrade, site.pid("life"));
    assertEquals("2.0", site.agent("life").version().orElseThrow());
    Path versions = site.agentFolder("life").resolve("versions");
    assertTrue(Files.isDirectory(versions.resolve("1.0")), "the version before stays");
    assertEquals(
        "2.0", site.agentFolder("life").resolve("current").toRealPath().getFileName().toString());

    Path kept = Files.writeString(site.agentFolder("life").resolve("data/kept"), "precious");
    site.run("agent", "uninstall", "life", "--all").expect(0);
    assertTrue(site.findAgent("life").isEmpty(), "known after uninstall");
    assertEquals("precious", Files.readString(kept));
    assertFalse(Files.exists(versions), "versions after uninstall");

    apply("install", packaged("life", "2.0", "a", "b", "c"));
    assertEquals("precious", Files.readString(kept));
    site.run("agent", "uninstall", "life", "--purge", "--all").expect(0);
    assertFalse(Files.exists(site.agentFolder("life")), "folder after uninstall --purge");
  }

  @Test
  void configureDoesWhatEachFileAsksAndNothingForNothing() throws Exception {
    push("files", "1");
    apply("install", packaged("files", "1", "a", "b", "c"), "--start");
    int first = site.pid("files");
    Path config = site.agentFolder("files").resolve("config");

    apply("configure", packaged("files", "1", "a", "b", "c"));
    assertEquals(first, site.pid("files"), "after nothing changed");

    apply("configure", packaged("files", "1", "a", "b", "changed"));
    assertEquals(first, site.pid("files"), "after a file with apply: none");
    assertEquals("changed", Files.readString(config.resolve("none.txt")));

    apply("configure", packaged("files", "1", "a", "changed", "changed"));
    Path signals = site.agentFolder("files").resolve("data/signals");
    Eventually.await(Fleet.PATIENCE, "HUP arrives", () -> Files.exists(signals));
    assertEquals(first, site.pid("files"), "after a file with apply: signal:HUP");

    apply("configure", packaged("files", "1", "changed", "changed", "changed"));
    assertNotEquals(first, site.pid("files"), "after a file with apply: restart");
    assertEquals("hup\n", Files.readString(signals));
    site.run("agent", "uninstall", "files", "--purge", "--all").expect(0);
  }

  @Test
  void whatAnAgentUsesIsSeenAlsoOfProcessesThatHaveLeftItsTree() throws Exception {
    Path program =
        site.file(
            "leaves.sh",
            "#!/bin/sh\n(setsid sleep 1000 </dev/null >/dev/null 2>&1 &)\nexec sleep 1000\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    site.run(
            "agent",
            "install",
            "--start",
            "--all",
            "-f",
            site.definition("leaves", program).toString())
        .expect(0);
    // A host reports when its session opens, and half a minute later again.
    site.fleet().killSidecar();
    Eventually.await(
        Fleet.PATIENCE,
        "both processes are counted",
        () -> Double.valueOf(2).equals(site.agent("leaves").metrics().get("processes")));

    CommandLine.Result top = site.run("agent", "top", "--sort", "memory").expect(0);
    assertTrue(top.out().contains("leaves"), top::screen);
    assertTrue(top.out().contains("most memory first: 2 running agents"), top::screen);
    CommandLine.Result shown = site.run("agent", "show", "leaves").expect(0);
    assertTrue(shown.out().matches("(?s).*processes +2, threads 2\n.*"), shown::screen);
    CommandLine.Result host = site.run("host", "show", hostName()).expect(0);
    assertTrue(
        host.out().matches("(?s).*\nmemory +[0-9.]+ [MG]iB of [0-9.]+ GiB\n.*"), host::screen);
    site.run("agent", "uninstall", "leaves", "--purge", "--all").expect(0);
  }

  @Test
  void execGivesOutputAndExitStatus() throws Exception {
    CommandLine.Result vector = site.run("exec", "--all", "--", "/bin/echo", "a  b", "$HOME");
    assertEquals("a  b $HOME\n", vector.expect(0).out(), vector::screen);

    Path script = site.file("check.sh", "echo \"$1 and $2\"; echo wrong >&2; exit 3\n");
    CommandLine.Result failed =
        site.run("exec", "--all", "--script", script.toString(), "--", "one", "two three");
    assertEquals("one and two three\nwrong\n", failed.expect(1).out(), failed::screen);
    assertTrue(failed.err().contains("FAILED " + hostName() + ": exit 3"), failed::screen);

    CommandLine.Result killed = site.run("exec", "--all", "--", "/bin/sh", "-c", "kill -9 $$");
    assertTrue(killed.expect(1).err().contains("signal 9"), killed::screen);

    CommandLine.Result environment =
        site.run("exec", "--all", "-e", "COLOUR=green", "--", "/usr/bin/env");
    assertTrue(environment.expect(0).out().contains("COLOUR=green\n"), environment::screen);

    CommandLine.Result asAgent =
        site.run("agent", "exec", "neighbour", "--all", "--", "/usr/bin/id", "-un");
    assertEquals(Site.user() + "\n", asAgent.expect(0).out(), asAgent::screen);
  }

  @Test
  void execIsDetachedFromWatchedAndCancelled() throws Exception {
    Path witness = site.newFolder("exec-").resolve("pid");
    CommandLine.Result left =
        site.run(
            "exec",
            "--all",
            "--timeout",
            "1s",
            "--",
            "/bin/sh",
            "-c",
            "echo begun; echo $$ > " + witness + "; exec sleep 1000");
    assertTrue(left.expect(5).err().contains("not finished yet; the batch goes on"), left::screen);
    String batch = left.err().lines().toList().getLast().replaceFirst(".* ", "");
    Eventually.await(Fleet.PATIENCE, "the command runs", () -> Files.exists(witness));

    CommandLine.Result operations = site.run("operation", "list", "--state", "running").expect(0);
    assertTrue(operations.out().contains("exec"), operations::screen);
    site.run("batch", "cancel", batch).expect(0);
    CommandLine.Result watched = site.run("batch", "watch", batch).expect(1);
    assertTrue(watched.err().contains("CANCELLED"), watched::screen);
    assertTrue(watched.out().contains("begun"), watched::screen);
    assertFalse(
        Site.alive(Integer.parseInt(Files.readString(witness).strip())), "after the cancel");

    CommandLine.Result detached =
        site.run("exec", "--all", "--detach", "--", "/bin/echo", "later").expect(0);
    CommandLine.Result later = site.run("batch", "watch", detached.out().strip()).expect(0);
    assertTrue(later.out().startsWith("later\n"), later::screen);
  }

  @Test
  void aCommandEndsAtItsDeadline() {
    CommandLine.Result late =
        site.run("exec", "--all", "--deadline", "2s", "--", "/bin/sleep", "1000").expect(1);
    assertTrue(late.err().contains("deadline passed"), late::screen);
  }

  @Test
  void aScriptInstallsAndUninstalls() throws Exception {
    Path place = site.newFolder("script-");
    Path definition =
        site.file(
            "scripted.yaml",
            """
            name: scripted
            user: %s
            command: ["%s/serve", "{{data}}"]
            install:
              script: |
                echo "installing into $1"
                printf '%%s' "$2" > "$1/serve"
                chmod 755 "$1/serve"
              parameters: ["%s", %s]
            uninstall: {script: 'rm "$1/serve"', parameters: ["%s"]}
            """
                .formatted(
                    Site.user(),
                    place,
                    place,
                    "\"" + Site.SERVICE.replace("\"", "\\\"").replace("\n", "\\n") + "\"",
                    place));
    apply("install", definition, "--start");
    site.pid("scripted");
    site.run("agent", "uninstall", "scripted", "--purge", "--all").expect(0);
    assertFalse(Files.exists(place.resolve("serve")), "after the uninstall script");
  }

  @Test
  void applyIsIdempotentAndShowsWhatItWouldDo() throws Exception {
    push("idem", "1");
    Path definition = packaged("idem", "1", "a", "b", "c");
    String file = definition.toString();
    CommandLine.Result planned = site.run("apply", "-f", file, "--all", "--dry-run").expect(0);
    assertTrue(
        planned.out().contains("1 created, 0 changed, 0 unchanged, 0 failed; nothing was done"),
        planned::screen);
    assertTrue(site.findAgent("idem").isEmpty(), "after a dry run");

    site.run("apply", "-f", file, "--all").expect(0);
    int pid = site.pid("idem");
    CommandLine.Result again = site.run("apply", "-f", file, "--all").expect(0);
    assertTrue(again.out().contains("0 created, 0 changed, 1 unchanged"), again::screen);
    assertEquals(pid, site.pid("idem"));

    Path changed = packaged("idem", "1", "changed", "b", "c");
    CommandLine.Result diff =
        site.run("apply", "-f", changed.toString(), "--all", "--dry-run").expect(0);
    assertTrue(
        diff.out().lines().anyMatch(line -> line.matches("  \\+ .*changed.*")), diff::screen);
    assertEquals(pid, site.pid("idem"));
    site.run("apply", "-f", changed.toString(), "--all").expect(0);
    assertNotEquals(pid, site.pid("idem"));
    site.run("agent", "uninstall", "idem", "--purge", "--all").expect(0);
  }

  @Test
  void hostsAreChosenByNameLabelAndFact() {
    String host = hostName();
    site.run("host", "label", host, "role=web", "env=test").expect(0);
    for (String[] chosen :
        List.of(
            new String[] {"--host", host},
            new String[] {"-l", "role=web,env in (prod,test),!canary"},
            new String[] {"-l", "fact.os=" + site.fleet().client().host(host).facts().get("os")})) {
      CommandLine.Result preview =
          site.run("exec", chosen[0], chosen[1], "--dry-run", "--", "/bin/true").expect(0);
      assertTrue(preview.out().contains("1 host matches; nothing was done"), preview::screen);
    }
    CommandLine.Result none = site.run("exec", "-l", "role=db", "--", "/bin/true").expect(2);
    assertTrue(none.err().contains("role=db"), none::screen);
    site.run("host", "label", host, "--remove", "role", "--remove", "env").expect(0);
  }

  @Test
  void programsGetWhatPeopleSee() {
    for (List<String> words :
        List.of(
            List.of("host", "list"),
            List.of("agent", "list"),
            List.of("package", "list"),
            List.of("batch", "list"),
            List.of("operation", "list"),
            List.of("token", "list"),
            List.of("enroll-token", "list"),
            List.of("audit", "list"),
            List.of("events"))) {
      JsonNode json = call(words, "json").json();
      assertTrue(json.path("items").size() > 0, words + ": " + json);
      String yaml = call(words, "yaml").out();
      assertTrue(yaml.contains("items:\n"), words + ": " + yaml);
      assertTrue(call(words, "table").out().lines().count() > 1, words::toString);
    }
    CommandLine.Result exec = site.run("exec", "--all", "-o", "json", "--", "/bin/echo", "x");
    JsonNode operation = exec.expect(0).json().path("items").path(0);
    assertEquals(Operation.State.succeeded.name(), operation.path("state").asText(), exec::screen);
    assertEquals("x\n", operation.path("output").path("head").asText(), exec::screen);
  }

  private static CommandLine.Result call(List<String> words, String format) {
    List<String> all = new java.util.ArrayList<>(words);
    all.addAll(List.of("-o", format));
    return site.run(all.toArray(String[]::new)).expect(0);
  }

  @Test
  void exitStatusesSayWhy() throws Exception {
    site.run("exec", "--all", "--", "/bin/true").expect(0);
    site.run("exec", "--all", "--", "/bin/false").expect(1);
    site.run("agent", "start", "neighbour").expect(2);
    CommandLine.Result unreachable =
        site.fleet()
            .commandLine(URI.create("https://127.0.0.1:1"), site.fleet().adminToken())
            .run("host", "list")
            .expect(3);
    assertTrue(unreachable.err().contains("127.0.0.1:1"), unreachable::screen);
    String viewer = site.run("token", "create", "night-watch", "--role", "viewer").expect(0).out();
    CommandLine.Result refused =
        site.fleet()
            .commandLine(site.fleet().operatorUrl(), viewer.strip())
            .run("agent", "stop", "neighbour", "--all")
            .expect(4);
    assertTrue(refused.err().toLowerCase(Locale.ROOT).contains("viewer"), refused::screen);
    site.run("exec", "--all", "--timeout", "1s", "--deadline", "3s", "--", "/bin/sleep", "20")
        .expect(5);
  }

  private static String hostName() {
    return site.agent("neighbour").hostName();
  }

  private static CommandLine.Result apply(String verb, Path definition, String... more) {
    List<String> words =
        new java.util.ArrayList<>(List.of("agent", verb, "-f", definition.toString(), "--all"));
    words.addAll(List.of(more));
    return site.run(words.toArray(String[]::new)).expect(0);
  }

  private static void push(String name, String version) throws IOException {
    Path program = site.newFolder("package-").resolve("bin/serve");
    Files.createDirectories(program.getParent());
    Files.writeString(program, Site.SERVICE + "# " + version + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    String source = program.getParent().getParent().toString();
    site.run("package", "push", source, name + "@" + version).expect(0);
    site.run("package", "push", source, name + "@" + version).expect(0);
  }

  private static Path packaged(
      String name, String version, String restart, String signal, String none) throws IOException {
    return site.file(
        name + ".yaml",
        """
        name: %s
        package: %s@%s
        user: %s
        command: ["{{package}}/bin/serve", "{{data}}"]
        files:
          restart.txt: {content: "%s", apply: restart}
          signal.txt: {content: "%s", apply: "signal:HUP"}
          none.txt: {content: "%s", apply: none}
        stop: {grace: 5s}
        """
            .formatted(name, name, version, Site.user(), restart, signal, none));
  }
}
