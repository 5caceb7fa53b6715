package io.easyagent.acceptance.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.api.Agent;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host's telemetry as platform teams run it: node-exporter, whose figures vmagent scrapes and
 * sends to VictoriaMetrics, and rsyslog, which ships the lines of an application. All of them are
 * Debian's. Each test leaves the four running.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RealAgentsIT {
  private static final List<String> NAMES =
      List.of("node-exporter", "rsyslog", "victoria-metrics", "vmagent");
  private static final String APPLICATION = "/var/log/application.log";
  private static final String SHIPPED = "/var/lib/easyagent-sidecar/agents/rsyslog/data/shipped";

  private static final String NODE_EXPORTER =
      """
      name: node-exporter
      user: prometheus
      command: [/usr/bin/prometheus-node-exporter, "--web.listen-address=:9100"]
      ready: {http: "http://127.0.0.1:9100/metrics"}
      health: {http: "http://127.0.0.1:9100/", interval: 1s, onFailure: restart}
      restart: {resetAfter: 1s}
      limits: {memory: 256MiB, cpu: 1, openFiles: 4096}
      """;
  private static final String VICTORIA_METRICS =
      """
      name: victoria-metrics
      user: nobody
      command: [/usr/bin/victoria-metrics, "-storageDataPath={{data}}", "-httpListenAddr=:8428", -search.latencyOffset=0s, -memory.allowedBytes=64MiB]
      ready: {http: "http://127.0.0.1:8428/health"}
      restart: {resetAfter: 1s}
      stop: {signal: INT, grace: 30s}
      """;
  private static final String VMAGENT =
      """
      name: vmagent
      user: nobody
      command:
        - /usr/bin/vmagent
        - -promscrape.config={{config}}/scrape.yml
        - -httpListenAddr=:8429
        - -remoteWrite.url=http://127.0.0.1:8428/api/v1/write
        - -remoteWrite.tmpDataPath={{data}}
        - -remoteWrite.flushInterval=200ms
      after: [victoria-metrics, node-exporter]
      ready: {line: "started vmagent"}
      health: {http: "http://127.0.0.1:8429/health", interval: 1s}
      restart: {resetAfter: 1s}
      files:
        scrape.yml:
          apply: signal:HUP
          validate: [/usr/bin/vmagent, -dryRun, "-promscrape.config={{file}}", -promscrape.config.strictParse]
          template: |
            global:
              scrape_interval: 1s
              external_labels: {host: {{host.name}}}
            %s:
              - job_name: %s
                static_configs:
                  - targets: ["127.0.0.1:9100"]
      """;
  private static final String RSYSLOG =
      """
      name: rsyslog
      user: nobody
      command: [/usr/sbin/rsyslogd, -n, -i, NONE, -f, "{{config}}/rsyslog.conf"]
      restart: {resetAfter: 1s}
      files:
        rsyslog.conf:
          apply: restart
          validate: [/usr/sbin/rsyslogd, -N1, -i, NONE, -f, "{{file}}"]
          template: |
            global(workDirectory="/var/lib/easyagent-sidecar/agents/rsyslog/data")
            module(load="imfile")
            input(type="imfile" File="/var/log/application.log" Tag="application" ruleset="ship" persistStateInterval="1")
            template(name="line" type="string" string="%s%%msg%%\\n")
            ruleset(name="ship") { action(type="omfile" file="/var/lib/easyagent-sidecar/agents/rsyslog/data/shipped" template="line") }
            %s
      """;

  @TempDir static Path folder;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static AgentsHost host;
  private static String address;
  private static int written;

  @BeforeAll
  static void boot() throws Exception {
    host = AgentsHost.boot("telemetry", folder);
    address = host.machine().address();
    host.machine().shell("install -m 644 /dev/null " + APPLICATION).expect(0);
  }

  @AfterAll
  static void close() throws Exception {
    HTTP.close();
    host.close();
  }

  private static Map<String, String> definitions() {
    return new HashMap<>(
        Map.of(
            "node-exporter",
            NODE_EXPORTER,
            "victoria-metrics",
            VICTORIA_METRICS,
            "vmagent",
            VMAGENT.formatted("scrape_configs", "node"),
            "rsyslog",
            RSYSLOG.formatted("", "")));
  }

  private static String get(int port, String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The exporter's figures went through vmagent into VictoriaMetrics. */
  private static void awaitScraped(String job) {
    String query = "count_over_time(up{job=\"" + job + "\",host=\"telemetry\"}[10s]) > 0";
    Eventually.await(
        AgentsHost.SOON,
        "figures of the job " + job,
        () -> {
          try {
            return get(
                    8428, "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .contains("\"job\":\"" + job + "\"");
          } catch (IOException notNow) {
            return false;
          }
        });
  }

  private static void write(int lines) throws IOException, InterruptedException {
    host.machine()
        .shell(
            "seq -f 'line %%.0f' %d %d >>%s".formatted(written + 1, written + lines, APPLICATION))
        .expect(0);
    written += lines;
  }

  /** Once all that the application has written was shipped, at least once. */
  private static Set<String> awaitShipped() {
    return Eventually.awaitValue(
        AgentsHost.SOON,
        "everything is shipped",
        () -> {
          Set<String> shipped =
              new TreeSet<>(host.machine().run("cat", SHIPPED).output().lines().toList());
          return IntStream.rangeClosed(1, written)
                  .allMatch(line ->
                      shipped.contains("line " + line) || shipped.contains("changed:line " + line))
              ? Optional.of(shipped)
              : Optional.empty();
        });
  }

  private static void kill(int pid) throws IOException, InterruptedException {
    host.machine().run("kill", "-9", Integer.toString(pid)).expect(0);
  }

  @Test
  @Order(1)
  void anApplyStartsThemInTheirOrderAndTheyWork() throws Exception {
    CommandLine.Result applied = host.apply(definitions()).expect(0);
    assertTrue(applied.out().contains("created"), applied::screen);

    Map<String, Integer> pids = host.pids(NAMES);
    long vmagent = host.startedAt(pids.get("vmagent"));
    assertTrue(vmagent > host.startedAt(pids.get("node-exporter")), "after what it scrapes");
    assertTrue(vmagent > host.startedAt(pids.get("victoria-metrics")), "after where it sends to");
    awaitScraped("node");
    write(1000);
    awaitShipped();
    host.apply(definitions()).expect(0);
    assertEquals(pids, host.pids(NAMES), "the same again changes nothing");
  }

  @Test
  @Order(2)
  void eachIsStartedAgainAfterACrashAndGoesOn() throws Exception {
    for (String name : NAMES) {
      Agent before = host.awaitRunning(name);
      kill(before.pid().orElseThrow());
      Agent after =
          host.await(
              name,
              "its successor",
              agent ->
                  agent.state() == Agent.State.running
                      && !agent.pid().equals(before.pid())
                      && agent.restarts() == before.restarts() + 1);
      assertNotEquals(before.pid(), after.pid());
      write(10);
    }
    awaitShipped();
    awaitScraped("node");
  }

  @Test
  @Order(3)
  void theyOutliveTheirSidecar() throws Exception {
    Map<String, Integer> pids = host.pids(NAMES);
    for (int each = 0; each < 3; each++) {
      host.killSidecar();
      write(10);
    }
    assertEquals(pids, host.pids(NAMES));
    awaitShipped();
  }

  @Test
  @Order(4)
  void aConfigurationIsTakenByASignalOrARestart() throws Exception {
    Map<String, Integer> before = host.pids(NAMES);
    Map<String, String> changed = definitions();
    changed.put("vmagent", VMAGENT.formatted("scrape_configs", "renamed"));
    changed.put("rsyslog", RSYSLOG.formatted("changed:", ""));
    host.apply(changed).expect(0);

    awaitScraped("renamed");
    Map<String, Integer> after = host.pids(NAMES);
    assertEquals(before.get("vmagent"), after.get("vmagent"), "a signal was enough");
    assertNotEquals(before.get("rsyslog"), after.get("rsyslog"), "it was restarted");
    write(10);
    assertTrue(awaitShipped().stream().anyMatch(line -> line.startsWith("changed:")), "as it says");
  }

  @Test
  @Order(5)
  void whatTheirOwnCheckRefusesChangesNothing() throws Exception {
    Map<String, Integer> before = host.pids(NAMES);
    Map<String, String> wrong = definitions();
    wrong.put("vmagent", VMAGENT.formatted("scrape_config", "renamed"));
    wrong.put("rsyslog", RSYSLOG.formatted("changed:", "module(load=\"none-of-that-name\")"));

    CommandLine.Result refused = host.apply(wrong).expect(1);

    assertTrue(
        refused.screen().contains("field scrape_config not found"),
        () -> "vmagent's words\n" + refused.screen());
    assertTrue(
        refused.screen().contains("none-of-that-name"),
        () -> "rsyslog's words\n" + refused.screen());
    assertEquals(before, host.pids(NAMES));
    awaitScraped("renamed");
    write(10);
    awaitShipped();
  }

  @Test
  @Order(6)
  void theirFiguresAndOutputAreSeenFromAfar() throws Exception {
    for (String name : NAMES) {
      host.await(
          name, "has figures", agent -> agent.metrics().getOrDefault("memory", 0.0) > 1 << 20);
    }
    CommandLine.Result top = host.run("agent", "top").expect(0);
    NAMES.forEach(name -> assertTrue(top.out().contains(name), top::screen));
    CommandLine.Result printed =
        host.run("agent", "logs", "vmagent", "--since", "1h", "--tail", "10000").expect(0);
    assertTrue(printed.out().contains("started vmagent"), printed::screen);
  }

  @Test
  @Order(7)
  void aBootStartsThemAgain() throws Exception {
    host.machine().reboot();
    Map<String, Integer> pids =
        Eventually.awaitValue(
            AgentsHost.SOON,
            "all run after the boot",
            () -> {
              Map<String, Integer> running = host.pids(NAMES);
              for (int pid : running.values()) {
                if (host.machine().run("test", "-d", "/proc/" + pid).status() != 0) {
                  return Optional.empty();
                }
              }
              return Optional.of(running);
            });
    assertTrue(
        host.startedAt(pids.get("vmagent")) > host.startedAt(pids.get("node-exporter")),
        "in their order");
    write(10);
    awaitShipped();
    awaitScraped("renamed");
  }

  @Test
  @Order(8)
  void theyEndByThemselvesAndLeaveNothing() throws Exception {
    Map<String, Integer> pids = host.pids(NAMES);
    for (String name : NAMES) {
      CommandLine.Result stopped = host.run("agent", "stop", name, "--all").expect(0);
      assertEquals(-1, stopped.screen().indexOf("killed"), stopped::screen);
      host.run("agent", "uninstall", name, "--purge", "--all").expect(0);
    }
    for (int pid : pids.values()) {
      host.machine().run("test", "-e", "/proc/" + pid).expect(1);
    }
    assertEquals(List.of(), host.cgroups());
    assertEquals(
        "", host.machine().run("ls", "/var/lib/easyagent-sidecar/agents").expect(0).output());
  }
}
