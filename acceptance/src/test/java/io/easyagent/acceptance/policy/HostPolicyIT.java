package io.easyagent.acceptance.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code policy.yaml} of a real host forbids, and what an agent's user cannot do there. */
final class HostPolicyIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String POLICY = "/etc/easyagent-sidecar/policy.yaml";
  private static final String AGENTS = SidecarHost.DATA + "/agents/";

  @TempDir static Path folder;

  private static SidecarHost host;
  private static ControlPlane server;
  private static CommandLine commandLine;

  @BeforeAll
  static void start() throws Exception {
    host = SidecarHost.bootInstalled("poli-a");
    server = new ControlPlane(folder);
    host.enroll(server);
    host.start();
    server.await("poli-a", Host.Status.online);
    commandLine = server.commandLine();
    shell("useradd --system beats");
    shell("useradd --non-unique --uid 0 --gid 0 toor");
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    server.close();
  }

  @AfterEach
  void removeRules() throws Exception {
    shell("rm -rf " + POLICY);
  }

  private static RealHost.Result shell(String line) throws Exception {
    return host.host().shell(line).expect(0);
  }

  private static void rules(String text) throws Exception {
    host.host().runWithInput(text, "tee", POLICY).expect(0);
  }

  private static Path file(String name, String text) throws IOException {
    return Files.writeString(Files.createTempDirectory(folder, "file-").resolve(name), text);
  }

  private static CommandLine.Result install(String definition) throws IOException {
    return commandLine.run(
        "agent", "install", "--start", "--all", "-f", file("agent.yaml", definition).toString());
  }

  private static void refused(String reason, CommandLine.Result result) {
    assertEquals(1, result.status(), result::screen);
    String screen = result.screen();
    assertTrue(screen.contains("refused by the host's policy: " + reason), screen);
  }

  private static void uninstall(String agent) {
    commandLine.run("agent", "uninstall", agent, "--purge", "--all").expect(0);
  }

  private static String sleeper(String name, String user) {
    return """
    name: %s
    user: "%s"
    command: [/bin/sleep, "1000"]
    stop: {grace: 5s}
    """
        .formatted(name, user);
  }

  @Test
  void rulesHoldFromTheNextCommandOn() throws Exception {
    commandLine.run("exec", "--all", "--", "id").expect(0);
    rules("exec: false\n");
    refused("operation: exec", commandLine.run("exec", "--all", "--", "id"));
    refused("command: /bin/sleep", install(sleeper("outside", "beats")));
    rules("paths: [/bin]\nexec: false\n");
    install(sleeper("inside", "beats")).expect(0);
    uninstall("inside");
    rules("exec: maybe\n");
    refused(
        "it cannot be relied on: " + POLICY + ":1: exec: maybe (expected: true or false)",
        commandLine.run("exec", "--all", "--", "id"));
    shell("rm " + POLICY);
    commandLine.run("exec", "--all", "--", "id").expect(0);
  }

  @Test
  void outputIsReadFromAfarUnlessTheHostForbidsIt() throws Exception {
    install(sleeper("quiet", "beats")).expect(0);
    commandLine.run("agent", "logs", "quiet", "--all").expect(0);
    rules("logs: false\n");
    CommandLine.Result refused = commandLine.run("agent", "logs", "quiet", "--all");
    assertEquals(1, refused.status(), refused::screen);
    String screen = refused.screen();
    assertTrue(
        screen.contains(
            "refused by the host's policy: output of agents (expected: none is read, because"
                + " logs: false)"),
        screen);
    shell("rm " + POLICY);
    commandLine.run("agent", "logs", "quiet", "--all").expect(0);
    uninstall("quiet");
  }

  @Test
  void rulesThatOthersCouldHaveWrittenStopTheIntakeAndAreShown() throws Exception {
    install(sleeper("steady", "beats")).expect(0);
    rules("exec: true\n");
    shell("chmod 666 " + POLICY);
    refused(
        "it cannot be relied on: " + POLICY + ": mode: 666 (expected: writable by root only)",
        commandLine.run("agent", "stop", "steady", "--all"));
    String status = host.sidecar("status").expect(0).output();
    assertTrue(status.contains("STOPPED: policy: " + POLICY + ": mode: 666"), status);
    shell("rm " + POLICY + " && ln -s /dev/null " + POLICY);
    refused(
        "it cannot be relied on: " + POLICY + ": is a link",
        commandLine.run("agent", "stop", "steady", "--all"));
    // What runs is started again as before.
    shell("pkill -9 -u beats sleep");
    Eventually.await(
        SOON,
        "it runs again",
        () -> host.host().run("pgrep", "-u", "beats", "sleep").status() == 0);
    host.systemctl("restart").expect(0);
    Eventually.await(
        SOON,
        "the server knows",
        () ->
            commandLine
                .run("host", "show", "poli-a")
                .expect(0)
                .out()
                .contains("policy: no command is taken, agents run on: " + POLICY));
    shell("rm " + POLICY);
    uninstall("steady");
  }

  @Test
  void rootIsUidZeroAndUsersAreWhoTheyAre() throws Exception {
    rules("root: false\n");
    refused("user: toor has uid 0", install(sleeper("uid-zero", "toor")));
    refused("user: root has uid 0", commandLine.run("exec", "--all", "--", "id"));
    for (String number : new String[] {"0", "65534"}) {
      CommandLine.Result result = install(sleeper("nobody", number));
      assertEquals(2, result.status(), result::screen);
      assertTrue(
          result.screen().contains("user: " + number + " (expected: a user name)"), result::screen);
    }
    refused(
        "user: no-such-user (expected: a user of this host",
        install(sleeper("nobody", "no-such-user")));
    shell("rm " + POLICY);
    CommandLine.Result result = install(sleeper("nobody", "no-such-user"));
    assertEquals(1, result.status(), result::screen);
    assertTrue(
        result.screen().contains("user: no-such-user (expected: a user of this host"),
        result::screen);
  }

  @Test
  void aLoginShellIsNotAsked() throws Exception {
    shell(
        """
        printf '#!/bin/sh\\ntouch /tmp/login-shell-ran\\n' > /usr/local/bin/trap-shell
        chmod 755 /usr/local/bin/trap-shell
        useradd --system --create-home --shell /usr/local/bin/trap-shell trapped
        printf 'touch /tmp/login-shell-ran\\n' | tee /home/trapped/.profile > /home/trapped/.bashrc
        """);
    install(sleeper("trapped", "trapped")).expect(0);
    commandLine.run("exec", "--all", "--user", "trapped", "--", "/bin/true").expect(0);
    uninstall("trapped");
    shell("test ! -e /tmp/login-shell-ran");
  }

  /** Its own, and none of the sidecar's. */
  @Test
  void aUserHasItsGroups() throws Exception {
    shell("groupadd team && useradd --system --user-group --groups team member");
    CommandLine.Result result =
        commandLine.run("exec", "--all", "--user", "member", "--", "id", "-Gn").expect(0);
    assertEquals("member team\n", result.out());
  }

  @Test
  void packagesAreSignedByAKeyOfTheHosts() throws Exception {
    Path work = Files.createTempDirectory(folder, "package-");
    for (String name : new String[] {"ours", "other"}) {
      run(work, "openssl", "genpkey", "-algorithm", "ed25519", "-out", name + ".pem");
      run(work, "openssl", "pkey", "-in", name + ".pem", "-pubout", "-out", name + ".pub");
    }
    Path content = Files.createDirectories(work.resolve("tool-1/bin"));
    Files.writeString(content.resolve("tool"), "#!/bin/sh\nexec sleep 1000\n");
    run(work, "chmod", "4755", content.resolve("tool").toString());
    run(work, "tar", "czf", "tool.tar.gz", "tool-1");
    String archive = work.resolve("tool.tar.gz").toString();
    rules("packages: {keys: [" + publicKey(work.resolve("ours.pub")) + "]}\nexec: false\n");
    String definition =
        """
        name: tool
        user: beats
        package: tool@1
        command: ["{{package}}/bin/tool"]
        stop: {grace: 5s}
        """;

    commandLine.run("package", "push", archive, "tool@1").expect(0);
    refused("package: tool@1 is not signed", install(definition));
    push(archive, work.resolve("other.pem"), "tool@1");
    refused("package: tool@1 has a signature that is not", install(definition));
    push(archive, work.resolve("ours.pem"), "tool@2");
    shell("test ! -e " + AGENTS + "tool && ! ls " + SidecarHost.DATA + "/packages/* 2>/dev/null");
    push(archive, work.resolve("ours.pem"), "tool@1");
    install(definition).expect(0);
    assertEquals(
        "555\n",
        shell("stat -L -c %a " + AGENTS + "tool/current/bin/tool").output(),
        "the bit that changes the user is dropped");

    push(archive, work.resolve("other.pem"), "tool@1");
    refused(
        "package: tool@1 has a signature that is not",
        commandLine.run("apply", "--all", "-f", file("tool.yaml", definition).toString()));
    uninstall("tool");
  }

  private static void push(String archive, Path key, String reference) {
    commandLine.run("package", "sign", archive, reference, "--key", key.toString()).expect(0);
    commandLine
        .run("package", "push", archive, reference, "--signature", archive + ".sig")
        .expect(0);
  }

  private static String publicKey(Path pem) throws IOException {
    String line = Files.readAllLines(pem).get(1);
    assertEquals(44, Base64.getDecoder().decode(line).length);
    return line;
  }

  private static void run(Path folder, String... command) throws Exception {
    assertEquals(
        0, new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor());
  }

  @Test
  void rootsLoaderIsLeftAlone() throws Exception {
    refused(
        "environment: LD_PRELOAD (expected: no variable of the loader for what runs as root)",
        commandLine.run("exec", "--all", "-e", "LD_PRELOAD=/tmp/evil.so", "--", "id"));
    rules("environment: {allow: [LD_LIBRARY_PATH]}\n");
    commandLine.run("exec", "--all", "-e", "LD_LIBRARY_PATH=/opt/lib", "--", "/bin/true").expect(0);
  }

  /** Everything that the user can reach and change is its own data folder. */
  @Test
  void anAgentsUserForgesAndExchangesWhatItCan() throws Exception {
    shell("sleep 2000 & echo $! > /tmp/victim");
    shell("cp /etc/hostname /tmp/precious && chmod 600 /tmp/precious");
    Path program = file("attacker", ATTACKER);
    host.host().runWithInput(Files.readString(program), "tee", "/usr/local/bin/attacker").expect(0);
    shell("chmod 755 /usr/local/bin/attacker");
    install(
            """
            name: attacker
            user: beats
            command: [/usr/local/bin/attacker]
            files:
              settings/attacker.yml: {mode: "0640", content: "a: 1\\n"}
            stop: {grace: 5s}
            """)
        .expect(0);
    Eventually.await(
        SOON,
        "the attack is laid out",
        () -> host.host().shell("test -e " + AGENTS + "attacker/data/done").status() == 0);

    String writable =
        shell(
                "setpriv --reuid=beats --regid=beats --init-groups find "
                    + SidecarHost.DATA
                    + " /etc/easyagent-sidecar /opt/easyagent-sidecar/ -not -type l -writable"
                    + " -not -path '*/attacker/data*' 2>/dev/null || true")
            .output();
    assertEquals("", writable);

    commandLine.run("agent", "restart", "attacker", "--all").expect(0);
    shell("chmod 000 " + AGENTS + "attacker/data");
    commandLine.run("agent", "restart", "attacker", "--all").expect(0);
    uninstall("attacker");

    assertFalse(host.host().shell("test -e " + AGENTS + "attacker").status() == 0);
    shell("kill -0 $(cat /tmp/victim)");
    shell("cmp /etc/hostname /tmp/precious && test $(stat -c %a:%u /tmp/precious) = 600:0");
    shell("kill $(cat /tmp/victim); rm /tmp/precious");
  }

  private static final String ATTACKER =
      """
      #!/bin/sh
      victim=$(cat /tmp/victim)
      cd "$HOME" || exec sleep 1000
      if [ ! -e done ]; then
        for name in attacker.pid keeper child launch status run.pid; do echo "$victim" > $name; done
        mkdir -p run tasks journal logs config versions
        echo "$victim 1 1" > run/launch; echo "$victim" > run/child
        ln -s /tmp/precious precious; ln -s /tmp folder; ln -s /etc/easyagent-sidecar etc
        ln -s "$HOME" loop; mkfifo fifo; mkfifo logs/attacker.log
        mkdir -p locked/in; touch locked/in/file; chmod 000 locked/in locked
        mv ../logs/attacker.log ../logs/moved 2>/dev/null
        ln -sf /tmp/precious ../logs/attacker.log 2>/dev/null
        ln -sf /tmp/precious ../config/settings/attacker.yml 2>/dev/null
        rmdir ../data 2>/dev/null; mv ../data ../gone 2>/dev/null
        rm -rf ../current ../versions ../variables 2>/dev/null
        touch done
      fi
      exec sleep 1000
      """;
}
