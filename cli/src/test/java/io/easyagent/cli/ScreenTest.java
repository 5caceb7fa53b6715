package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.https.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every screen as it is seen, letter by letter. */
final class ScreenTest {
  @TempDir private Path home;
  private CommandLineRun cli;

  @BeforeEach
  void start() {
    cli = new CommandLineRun(home).loggedIn();
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void hosts() {
    cli.server.on(
        "GET /api/v2/hosts",
        Answer.json(200, Samples.page(2, Samples.webHost(), Samples.dbHost())));
    cli.expect(
        0,
        """
        HOST      ID        STATUS         AGENTS  OS         SIDECAR  LABELS          SEEN
        web-0002  77b0d1f2  online         2/3 !   debian 12  1.0.0    env=a,role=web  now
        db-0007   91aa02c4  offline 3h12m  1/1 ?   rhel 9     1.0.0    role=db         07:02
        2 hosts: 1 online, 1 offline
        """,
        "",
        "host",
        "list");
  }

  @Test
  void hostsOnANarrowTerminalWithColours() {
    cli.terminal(76, true);
    cli.server.on(
        "GET /api/v2/hosts",
        Answer.json(200, Samples.page(2, Samples.webHost(), Samples.dbHost())));
    cli.expect(
        0,
        """
        *HOST#      *ID#        *STATUS#         *AGENTS#  *OS#        *SIDECAR#  *LABELS#    *SEEN#
        web-0002  77b0d1f2  +online#         !2/3 !#   debian …  1.0.0    env=a,r…  now
        db-0007   91aa02c4  !offline 3h12m#  .1/1 ?#   rhel 9    1.0.0    role=db   07:02
        2 hosts: 1 online, 1 offline
        """
            .replace("2/3 !#", "2/3 %#")
            .replace("*", "\u001b[1m")
            .replace("#", "\u001b[0m")
            .replace("+", "\u001b[32m")
            .replace("!", "\u001b[33m")
            .replace(".1/1", "\u001b[2m1/1")
            .replace("%", "!"),
        "",
        "host",
        "list");
  }

  @Test
  void noHosts() {
    cli.server.on("GET /api/v2/hosts", Answer.json(200, Samples.page(0)));
    cli.expect(0, "0 hosts\n", "", "host", "list", "-l", "role=x");
  }

  @Test
  void hostsAsJsonAreTheApisResource() {
    cli.server.on(
        "GET /api/v2/packages",
        Answer.json(
            200,
            Samples.page(
                1,
                "{\"name\":\"a\",\"version\":\"1\",\"sha256\":\"00\",\"size\":1,"
                    + "\"pushedAt\":\"2026-01-01T00:00:00Z\",\"pushedBy\":\"anna\"}")));
    cli.expect(
        0,
        """
        {
          "items" : [ {
            "name" : "a",
            "version" : "1",
            "sha256" : "00",
            "size" : 1,
            "pushedAt" : "2026-01-01T00:00:00Z",
            "pushedBy" : "anna"
          } ],
          "total" : 1
        }
        """,
        "",
        "package",
        "list",
        "-o",
        "json");
    cli.expect(
        0,
        """
        items:
        - name: a
          version: "1"
          sha256: "00"
          size: 1
          pushedAt: "2026-01-01T00:00:00Z"
          pushedBy: anna
        total: 1
        """,
        "",
        "-o",
        "yaml",
        "package",
        "list");
  }

  @Test
  void oneHost() {
    cli.server.on("GET /api/v2/hosts/web-0002", Answer.json(200, Samples.webHost()));
    cli.server.on("GET /api/v2/agents", Answer.json(200, Samples.page(1, Samples.agent())));
    cli.expect(
        0,
        """
        host            web-0002
        id              77b0d1f2-0000-4000-8000-000000000001
        status          online
        seen            now
        enrolled        2025-12-01 08:00:00
        certificate     -
        sidecar         1.0.0
        labels          env=a,role=web
        fact.os         debian
        fact.osVersion  12
        condition       cgroup: memory controller missing

        AGENT     HOST      STATE        HEALTH  VERSION  CONFIG    DESIRED  RESTARTS  SINCE  CAUSE
        filebeat  web-0002  backing-off  -       8.15.3   r7 drift  running  14        2m     exit 1, retry in 34s
        """,
        "",
        "host",
        "show",
        "web-0002");
  }

  @Test
  void labels() {
    cli.server.on("PATCH /api/v2/hosts/web-0002/labels", Answer.json(200, Samples.webHost()));
    cli.expect(
        0,
        "web-0002: env=a,role=web\n",
        "",
        "host",
        "label",
        "web-0002",
        "env=a",
        "--remove",
        "canary");
  }

  @Test
  void agents() {
    cli.server.on("GET /api/v2/agents", Answer.json(200, Samples.page(1, Samples.agent())));
    cli.expect(
        0,
        """
        AGENT     HOST      STATE        HEALTH  VERSION  CONFIG    DESIRED  RESTARTS  SINCE  CAUSE
        filebeat  web-0002  backing-off  -       8.15.3   r7 drift  running  14        2m     exit 1, retry in 34s
        1 agent: 1 backing-off
        """,
        "",
        "agent",
        "list");
  }

  @Test
  void agentsThatWaitForTheirNextRun() {
    cli.server.on(
        "GET /api/v2/agents",
        Answer.json(
            200,
            Samples.page(
                2,
                Samples.waitingAgent("clean-up", "", "2026-01-01T23:05:59Z"),
                Samples.waitingAgent(
                    "report",
                    "last run 2026-01-01 02:10: exit 0 after 4.1 s",
                    "2026-01-02T02:10:00Z"))));
    cli.expect(
        0,
        """
        AGENT     HOST      STATE    HEALTH  VERSION  CONFIG    DESIRED  RESTARTS  SINCE  CAUSE
        clean-up  web-0002  waiting  -       8.15.3   r7 drift  running  0         2m     next 23:05
        report    web-0002  waiting  -       8.15.3   r7 drift  running  0         2m     last run 2026-01-01 02:10: exit 0 after 4.1 s, next 2026-01-02 02:10
        2 agents: 2 waiting
        """,
        "",
        "agent",
        "list");
  }

  @Test
  void oneAgent() {
    cli.server.on("GET /api/v2/agents", Answer.json(200, Samples.page(1, Samples.agent())));
    cli.expect(
        0,
        """
        agent     filebeat
        host      web-0002
        id        aaaa0000-0000-4000-8000-000000000001
        type      service
        desired   running
        state     backing-off
        cause     exit 1, retry in 34s
        health    -
        version   8.15.3
        config    r7 drift
        restarts  14
        since     2m

        name: filebeat
        user: beats
        """,
        "",
        "agent",
        "show",
        "filebeat");
  }

  @Test
  void agentsThatUseMost() {
    cli.server.on(
        "GET /api/v2/agents",
        Answer.json(
            200,
            Samples.page(
                4,
                Samples.busyAgent("old", 0.0123, 10_485_760, ""),
                Samples.agent(),
                Samples.busyAgent("idle", 0, 1_048_576, Samples.MORE_FIGURES),
                Samples.busyAgent("busy", 1.875, 536_870_912, Samples.MORE_FIGURES))));
    cli.expect(
        0,
        """
        AGENT  HOST      CPU      MEMORY    PROCESSES  THREADS  FILES  READ     WRITTEN  RESTARTS  UP
        busy   web-0002  187.5 %  512 MiB   3          41       1,204  4.0 KiB  2.0 GiB  14        3h12m
        old    web-0002  1.2 %    10.0 MiB  -          -        -      -        -        14        -
        most cpu first: 2 of 3 running agents
        """,
        "",
        "agent",
        "top",
        "--limit",
        "2");
    cli.expect(
        2,
        "",
        "error: --sort: heat (expected: one of cpu, files, memory, read, threads, written)\n",
        "agent",
        "top",
        "--sort",
        "heat");
  }

  @Test
  void tooManyAgentsToFindThoseThatUseMost() {
    cli.server.on("GET /api/v2/agents", Answer.json(200, Samples.page(50_000, Samples.agent())));
    cli.expect(
        2,
        "",
        "error: 50,000 agents (expected: at most 5,000; say which: AGENT, --host NAME or --hosts"
            + " SELECTOR)\n",
        "agent",
        "top");
  }

  @Test
  void whatAnAgentUses() {
    cli.server.on(
        "GET /api/v2/agents",
        Answer.json(
            200, Samples.page(1, Samples.busyAgent("busy", 0.05, 4_096, Samples.MORE_FIGURES))));
    cli.expect(
        0,
        """
        agent       busy
        host        web-0002
        id          aaaa0000-0000-4000-8000-000000000001
        type        service
        desired     running
        state       running
        cause       exit 1, retry in 34s
        health      -
        version     8.15.3
        config      r7 drift
        restarts    14
        since       2m
        up          3h12m
        cpu         5.0 %
        memory      4.0 KiB
        processes   3, threads 41
        open files  1,204
        disk        4.0 KiB read, 2.0 GiB written

        name: busy
        user: beats
        """,
        "",
        "agent",
        "show",
        "busy");
  }

  @Test
  void textFromHostsCannotSteerTheTerminal() {
    cli.server.on(
        "GET /api/v2/hosts",
        Answer.json(
            200,
            Samples.page(1, Samples.webHost().replace("web-0002", "web\\u001b[31m\\u202e\\n2"))));
    cli.expect(
        0,
        """
        HOST         ID        STATUS  AGENTS  OS         SIDECAR  LABELS          SEEN
        web?[31m? 2  77b0d1f2  online  2/3 !   debian 12  1.0.0    env=a,role=web  now
        1 host: 1 online
        """,
        "",
        "host",
        "list");
  }

  @Test
  void batches() {
    cli.server.on(
        "GET /api/v2/batches",
        Answer.json(
            200,
            Samples.page(
                2,
                Samples.batch(
                    8000,
                    "\"succeeded\":7212,\"failed\":2,\"running\":749,\"queued\":37",
                    37,
                    false))));
    cli.expect(
        0,
        """
        BATCH     WHAT              HOSTS        BY    AT                   STATE    PROGRESS
        9f3c1111  restart filebeat  -l role=web  anna  2026-01-01 10:02:11  running  7,214/8,000  ok 7,212  failed 2  running 749  offline 37 (expire 10:17)
        1 of 2 batches
        """,
        "",
        "batch",
        "list");
  }

  @Test
  void oneBatch() {
    cli.server.on(
        "GET /api/v2/batches/9f3c",
        Answer.json(200, Samples.batch(2, "\"succeeded\":1,\"failed\":1", 0, true)));
    cli.server.on(
        "GET /api/v2/batches/" + Samples.BATCH_ID + "/operations",
        Answer.json(
            200,
            Samples.page(
                2,
                Samples.operation(1, "restart", "web-1", "succeeded", ",\"message\":\"running\""),
                Samples.operation(
                    2,
                    "restart",
                    "web-2",
                    "failed",
                    ",\"message\":\"data path already locked\",\"exitStatus\":1"))));
    cli.expect(
        0,
        """
        batch 9f3c1111  restart filebeat  -l role=web  anna, 10:02:11
        2/2  ok 1  failed 1
        OPERATION  WHAT              HOST   STATE      AT                   TOOK  CAUSE
        0bbb0001   restart filebeat  web-1  succeeded  2026-01-01 10:02:11  3s    running
        0bbb0002   restart filebeat  web-2  failed     2026-01-01 10:02:11  3s    exit 1: data path already locked
        2 operations
        """,
        "",
        "batch",
        "show",
        "9f3c");
  }

  @Test
  void oneOperation() {
    cli.server.on(
        "GET /api/v2/operations/0bbb",
        Answer.json(
            200,
            Samples.operation(
                1,
                "exec",
                "web-1",
                "failed",
                ",\"exitStatus\":3,\"output\":{\"head\":\"hello\\n\",\"tail\":\"\",\"totalBytes\":6,\"truncated\":false}")));
    cli.expect(
        0,
        """
        operation  0bbb0001-0000-4000-8000-000000000001
        batch      9f3c1111-0000-4000-8000-000000000001
        what       exec
        host       web-1 (77b0d1f2-0000-4000-8000-000000000001)
        state      failed
        cause      exit 3
        created    2026-01-01 10:02:11
        deadline   2026-01-01 10:17:11
        started    2026-01-01 10:02:12
        finished   2026-01-01 10:02:15
        took       3s

        hello
        """,
        "",
        "operation",
        "show",
        "0bbb");
  }

  @Test
  void applyShowsWhatWouldChange() {
    String item =
        """
        {"hostId":"%s","hostName":"%s","agent":"filebeat","change":"%s","diff":"%s"%s}\
        """;
    String diff = "--- r6\\n+++ r7\\n@@ -1 +1 @@\\n-user: root\\n+user: beats\\n";
    cli.server.on(
        "POST /api/v2/apply",
        Answer.json(
            200,
            "{\"items\":["
                + item.formatted(Samples.WEB, "web-1", "changed", diff, "")
                + ","
                + item.formatted(Samples.DB, "web-2", "changed", diff, "")
                + ","
                + item.formatted(Samples.DB, "web-3", "unchanged", "", "")
                + ","
                + item.formatted(Samples.DB, "web-4", "failed", "", ",\"error\":\"no user beats\"")
                + "],\"batches\":[]}"));
    cli.expect(
        1,
        """
        changed filebeat on web-1, web-2
          --- r6
          +++ r7
          @@ -1 +1 @@
          -user: root
          +user: beats
        unchanged filebeat on web-3
        failed filebeat on web-4: no user beats
        0 created, 2 changed, 1 unchanged, 1 failed; nothing was done
        """,
        "",
        "apply",
        "-f",
        cli.configurationFile().path().toString(),
        "--all",
        "--dry-run");
  }

  @Test
  void events() {
    cli.server.on(
        "GET /api/v2/events",
        Answer.json(
            200,
            Samples.page(
                2,
                "{\"id\":2,\"receivedAt\":\"2026-01-01T10:00:01Z\",\"occurredAt\":\"2026-01-01T10:00:00Z\",\"hostName\":\"web-1\",\"agent\":\"filebeat\",\"kind\":\"exited\",\"message\":\"exit 1\"}",
                "{\"id\":1,\"receivedAt\":\"2026-01-01T09:00:01Z\",\"occurredAt\":\"2026-01-01T09:00:00Z\",\"hostName\":\"web-1\",\"kind\":\"host-online\",\"message\":\"\"}")));
    cli.expect(
        0,
        """
        2026-01-01 09:00:00  host-online  web-1
        2026-01-01 10:00:00  exited  filebeat on web-1  exit 1
        """,
        "",
        "events");
  }

  @Test
  void audit() {
    cli.server.on(
        "GET /api/v2/audit",
        Answer.json(
            200,
            Samples.page(
                3,
                "{\"sequence\":3,\"at\":\"2026-01-01T10:00:00Z\",\"actor\":\"anna\",\"from\":\"10.0.0.1\",\"action\":\"batch.restart\",\"subject\":\"filebeat\",\"hosts\":8000,\"hash\":\"00\"}")));
    cli.expect(
        0,
        """
        NUMBER  AT                   WHO   FROM      ACTION         SUBJECT   HOSTS
        3       2026-01-01 10:00:00  anna  10.0.0.1  batch.restart  filebeat  8,000
        1 of 3 entries
        """,
        "",
        "audit",
        "list");
  }

  @Test
  void anAuditHeadIsPrintedToBeKept() {
    cli.server.on(
        "GET /api/v2/audit/head",
        Answer.json(200, "{\"sequence\":3,\"hash\":\"%s\"}".formatted("ab".repeat(32))));
    cli.expect(0, "3 " + "ab".repeat(32) + "\n", "", "audit", "head");
  }

  @Test
  void aSoundAuditLogIsCalledSo(@TempDir Path folder) throws Exception {
    Path head = Files.writeString(folder.resolve("head"), "3 " + "ab".repeat(32) + "\n");
    cli.server.on(
        "GET /api/v2/audit/verify",
        Answer.json(
            200,
            "{\"sound\":true,\"head\":{\"sequence\":1204,\"hash\":\"%s\"}}"
                .formatted("cd".repeat(32))));
    cli.expect(
        0,
        "sound: 1,204 entries, and they lead through the head that was kept\n",
        "",
        "audit",
        "verify",
        "--head",
        head.toString());
    cli.expect(
        0,
        "sound: 1,204 entries (give --head to find a log that was cut or replaced)\n",
        "",
        "audit",
        "verify");
  }

  @Test
  void aBrokenAuditLogIsAFailure() {
    cli.server.on(
        "GET /api/v2/audit/verify",
        Answer.json(
            200,
            "{\"sound\":false,\"head\":{\"sequence\":6,\"hash\":\"%s\"},\"fault\":\"entry 7 is missing (found: entry 8)\"}"
                .formatted("cd".repeat(32))));
    cli.expect(
        1,
        "NOT SOUND: entry 7 is missing (found: entry 8)\n"
            + "sound up to here: 6 entries, head "
            + "cd".repeat(32)
            + "\n",
        "",
        "audit",
        "verify");
  }

  @Test
  void authorities() {
    String next = "ab".repeat(32);
    String old = "cd".repeat(32);
    cli.server.on(
        "GET /api/v2/authorities",
        Answer.json(
            200,
            "{\"authorities\":[{\"fingerprint\":\"%s\",\"subject\":\"CN=n\",\"role\":\"issuing\",\"notBefore\":\"2026-01-01T00:00:00Z\",\"expires\":\"2045-12-27T00:00:00Z\"},"
                    .formatted(next)
                + "{\"fingerprint\":\"%s\",\"subject\":\"CN=o\",\"role\":\"retiring\",\"notBefore\":\"2026-01-01T00:00:00Z\",\"expires\":\"2045-12-27T00:00:00Z\"}],"
                    .formatted(old)
                + "\"pinned\":\"%s\",\"serverCertificateExpires\":\"2028-01-01T00:00:00Z\",\"hostsToMove\":2,\"someHostsToMove\":[\"web-1\",\"web-2\"],\"pem\":\"\"}"
                    .formatted(old)));
    cli.expect(
        0,
        """
        AUTHORITY                                                         ROLE      EXPIRES
        %s  issuing   2045-12-27 00:00:00
        %s  retiring  2045-12-27 00:00:00
        server's certificate until 2028-01-01 00:00:00
        2 hosts to move: web-1, web-2
        """
            .formatted(next, old),
        "",
        "ca",
        "show");
  }

  @Test
  void packages() {
    cli.server.on(
        "GET /api/v2/packages",
        Answer.json(
            200,
            Samples.page(
                1,
                "{\"name\":\"filebeat\",\"version\":\"8.15.3\",\"sha256\":\"0123456789abcdef\",\"size\":52428800,\"pushedAt\":\"2026-01-01T00:00:00Z\",\"pushedBy\":\"anna\"}")));
    cli.expect(
        0,
        """
        PACKAGE   VERSION  SIZE      SHA256        SIGNED  PUSHED               BY
        filebeat  8.15.3   50.0 MiB  0123456789ab  no      2026-01-01 00:00:00  anna
        1 package version
        """,
        "",
        "package",
        "list",
        "filebeat");
  }

  private static final String ENROLL_TOKEN =
      "{\"id\":\"%s\",\"token\":\"eae_1\",\"labels\":{\"role\":\"web\"},\"uses\":3,\"usesLeft\":3,\"createdAt\":\"2026-01-01T10:00:00Z\",\"expiresAt\":\"2026-01-01T11:00:00Z\",\"createdBy\":\"anna\",\"fingerprint\":\"3f00\",\"server\":\"%s\"%s}";

  private static final String INSTALLATION =
      ",\"installation\":{\"url\":\"https://fleet:8889\",\"script\":\"5c00\",\"archives\":[{\"platform\":\"linux-x86_64\",\"file\":\"easyagent-sidecar-2.0.0-linux-x86_64.tar.gz\",\"sha256\":\"a100\"}]}";

  private void enrollToken(String server, String installation) {
    cli.server.on(
        "POST /api/v2/enroll-tokens",
        Answer.json(201, ENROLL_TOKEN.formatted(Samples.WEB, server, installation)));
  }

  @Test
  void anEnrolmentTokenComesWithThePinnedCommandForTheHost() {
    enrollToken("fleet:8890", INSTALLATION);
    cli.expect(
        0,
        """
         sh -c 'set -eu
        script=$({ curl -fsSkg --retry 3 "https://fleet:8889/install.sh" || wget -qO- --no-check-certificate "https://fleet:8889/install.sh"; } | head -c 65536)
        printf "%s\\n" "$script" | sha256sum | grep -q "^5c00 " || { echo "install.sh: not there, or not the one that is pinned here; nothing was done" >&2; exit 1; }
        exec sh -c "$script" install.sh --server "fleet:8890" --fingerprint 3f00 --operator-url "https://fleet:8889" --sha256 linux-x86_64=a100 --token-file -' <<'END'
        eae_1
        END
        """,
        """
        for 3 hosts with role=web, until 2026-01-01 11:00:00; the token is not shown again
        run this on each host as root:
        """,
        "enroll-token",
        "create",
        "--label",
        "role=web",
        "--uses",
        "3");
  }

  @Test
  void theOfflineCommandNeedsOnlyACopiedArchive() {
    enrollToken("fleet:8890", INSTALLATION);
    cli.expect(
        0,
        """
         sh -c 'set -eu
        script=$(tar -xzOf "$1" "$(basename "$1" .tar.gz)/install.sh" | head -c 65536)
        printf "%s\\n" "$script" | sha256sum | grep -q "^5c00 " || { echo "install.sh: not there, or not the one that is pinned here; nothing was done" >&2; exit 1; }
        exec sh -c "$script" install.sh --server "fleet:8890" --fingerprint 3f00 --archive "$1" --sha256 linux-x86_64=a100 --token-file -' sh easyagent-sidecar-2.0.0-linux-x86_64.tar.gz <<'END'
        eae_1
        END
        """,
        """
        for 3 hosts with role=web, until 2026-01-01 11:00:00; the token is not shown again
        copy easyagent-sidecar-2.0.0-linux-x86_64.tar.gz to each host, from the server's distribution, folder sidecar,
        and run this there as root, the copied file in its last line but two:
        """,
        "enroll-token",
        "create",
        "--offline");
  }

  @Test
  void aServerWithoutArchivesSaysSoAndGivesTheOfflineCommand() {
    enrollToken("fleet:8890", "");
    cli.expect(
        0,
        """
         sh -c 'set -eu
        script=$(tar -xzOf "$1" "$(basename "$1" .tar.gz)/install.sh" | head -c 65536)
        [ -n "$script" ] || { echo "$1: no install.sh in it; nothing was done" >&2; exit 1; }
        exec sh -c "$script" install.sh --server "fleet:8890" --fingerprint 3f00 --archive "$1" --token-file -' sh easyagent-sidecar-VERSION-PLATFORM.tar.gz <<'END'
        eae_1
        END
        """,
        """
        for 3 hosts with role=web, until 2026-01-01 11:00:00; the token is not shown again
        the server has no sidecar to give (see sidecarArchives in its configuration): copy the archive to each host, check it against its SHA256SUMS, and run this there as root:
        """,
        "enroll-token",
        "create");
  }

  @Test
  void nothingThatAServerSaysIsMoreThanAWordToTheShell() {
    enrollToken("fleet:8890' ; rm -rf / ; '", INSTALLATION);
    cli.expect(
        1,
        "",
        "error: the server's answer: server: cannot be part of a command for a shell\n",
        "enroll-token",
        "create");
  }

  @Test
  void enrolmentTokensSayWhetherTheirHostsStay() {
    cli.server.on(
        "GET /api/v2/enroll-tokens",
        Answer.json(
            200,
            "{\"items\":[{\"id\":\"%s\",\"uses\":3,\"usesLeft\":2,\"ephemeral\":true,\"createdAt\":\"2026-01-01T10:00:00Z\",\"expiresAt\":\"2026-01-01T11:00:00Z\",\"createdBy\":\"anna\",\"fingerprint\":\"3f00\",\"server\":\"fleet:8890\"}],\"total\":1}"
                .formatted(Samples.WEB)));
    cli.expect(
        0,
        """
        ID                                    USES LEFT  LABELS  NETWORKS  HOSTS      EXPIRES              BY
        77b0d1f2-0000-4000-8000-000000000001  2/3        -       any       ephemeral  2026-01-01 11:00:00  anna
        1 enrolment token
        """,
        "",
        "enroll-token",
        "list");
  }

  @Test
  void aTokensSecretStandsAlone() {
    cli.server.on(
        "POST /api/v2/tokens",
        Answer.json(
            201,
            "{\"id\":\"%s\",\"name\":\"ci\",\"role\":\"operator\",\"exec\":true,\"createdAt\":\"2026-01-01T10:00:00Z\",\"expiresAt\":\"2026-04-01T10:00:00Z\",\"token\":\"ea_new\"}"
                .formatted(Samples.WEB)));
    cli.expect(
        0,
        "ea_new\n",
        "token 77b0d1f2-0000-4000-8000-000000000001 for ci (operator with exec, until 2026-04-01"
            + " 10:00:00); it is not shown again\n",
        "token",
        "create",
        "ci",
        "--role",
        "operator",
        "--exec");
  }

  @Test
  void aTokensLimitsAreShown() {
    cli.server.on(
        "GET /api/v2/whoami",
        Answer.json(
            200,
            "{\"id\":\"%s\",\"name\":\"ci\",\"role\":\"operator\",\"exec\":false,\"maxHosts\":50,\"hosts\":\"team=web\",\"createdAt\":\"2026-01-01T10:00:00Z\",\"expiresAt\":\"2026-04-01T10:00:00Z\"}"
                .formatted(Samples.WEB)));
    cli.expect(
        0,
        """
        ID                                    NAME  RIGHTS                                     CREATED              EXPIRES
        77b0d1f2-0000-4000-8000-000000000001  ci    operator, 50 hosts at once, only team=web  2026-01-01 10:00:00  2026-04-01 10:00:00
        """,
        "",
        "token",
        "whoami");
  }

  @Test
  void versions() {
    cli.server.on(
        "GET /api/v2/version",
        Answer.json(
            200,
            "{\"version\":\"2.0.0\",\"fleetId\":\"f1\",\"generation\":\"0a\",\"apiVersion\":\"v2\"}"));
    int status = cli.run("version");
    assertEquals(0, status);
    String[] lines = cli.out().split("\n", -1);
    assertTrue(lines[0].matches("easyagent [0-9]+\\.[0-9]+\\.[0-9]+.*"), lines[0]);
    assertEquals("server    2.0.0  API v2  fleet f1", lines[1]);
  }
}
