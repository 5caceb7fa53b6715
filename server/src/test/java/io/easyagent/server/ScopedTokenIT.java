package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.Role;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.SelectorParser;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Writer;
import io.easyagent.server.transport.Route;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a token for some hosts, with a cap or without exec, can get over REST. */
class ScopedTokenIT {
  private static final String V2 = "/api/v2";
  private static final String SLEEPER =
      "name: sleeper\nuser: nobody\ncommand: [/bin/sleep, \"1000\"]\n";

  @TempDir private Path folder;

  private RestServer server;
  private RestClient client;
  private HostId mine;
  private HostId others;
  private String team;

  @BeforeEach
  void start() throws Exception {
    server = RestServer.withStoredOperations(folder.resolve("data"));
    client = new RestClient(server, OpenApi.packaged());
    mine = server.host("a-1", Map.of("team", "a"));
    server.host("a-2", Map.of("team", "a"));
    others = server.host("other-1", Map.of("team", "b", "env", "prod"));
    team = token("team-a", Role.OPERATOR, true, OptionalInt.empty(), Optional.of("team=a"));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private String token(
      String name, Role role, boolean exec, OptionalInt most, Optional<String> hosts) {
    return server.token(
        new OperatorTokens.Wanted(name, role, exec, most, hosts, Duration.ofHours(1)));
  }

  private RestClient.Reply post(String path, String token, String body, String... headers)
      throws Exception {
    return client.send("POST", V2 + path, BodyPublishers.ofString(body), token, headers);
  }

  private static String dry(String request) {
    return request.replaceFirst("\\{", "{\"dryRun\":true,");
  }

  private static String exec(String targets) {
    return "{\"command\":{\"kind\":\"exec\",\"command\":[\"/bin/true\"]},\"targets\":{%s}}"
        .formatted(targets);
  }

  private static String on(HostId host) {
    return "\"hosts\":[\"%s\"]".formatted(host);
  }

  private String accepted(String targets) throws Exception {
    RestClient.Reply reply = post("/batches", server.adminToken, exec(targets));
    assertEquals(202, reply.status(), reply.text());
    return reply.body().path("id").asText();
  }

  private static Set<String> names(RestClient.Reply reply, String field) {
    Set<String> names = new TreeSet<>();
    reply.body().path("items").forEach(item -> names.add(item.path(field).asText()));
    assertEquals(names.size(), reply.body().path("total").asInt(), reply.text());
    return names;
  }

  private void assertUnknown(String path) throws Exception {
    RestClient.Reply reply = client.get(V2 + path, team);
    assertEquals(404, reply.status(), path + " " + reply.text());
    assertFalse(reply.text().contains("other-1"), reply.text());
  }

  @Test
  void otherHostsAreUnknownHosts() throws Exception {
    assertEquals(Set.of("a-1", "a-2"), names(client.get(V2 + "/hosts", team), "name"));
    for (String selector : List.of("team%3Db", "env%3Dprod", "team!%3Da", "%20")) {
      assertEquals(
          Set.of(), names(client.get(V2 + "/hosts?selector=" + selector, team), "name"), selector);
    }
    assertEquals(
        Set.of("a-1", "a-2"),
        names(client.get(V2 + "/hosts?selector=team%20in%20(a,b)", team), "name"));
    assertEquals(Set.of(), names(client.get(V2 + "/hosts?name=other-1", team), "name"));
    assertEquals(200, client.get(V2 + "/hosts/" + mine, team).status());
    assertUnknown("/hosts/" + others);
    assertUnknown("/hosts/" + others.toString().substring(0, 8));
    RestClient.Reply named = client.get(V2 + "/hosts/other-1", team);
    assertEquals(404, named.status());
    assertEquals(
        client.get(V2 + "/hosts/none", team).detail().replace("none", "other-1"),
        named.detail(),
        "nothing tells an unknown host from another team's");
  }

  @Test
  void twinsOfOtherTeamsDoNotMakeANameAmbiguous() throws Exception {
    for (int number = 0; number < 12; number++) {
      server.host("twin", Map.of("team", "b"));
    }
    HostId twin = server.host("twin", Map.of("team", "a"));

    RestClient.Reply found = client.get(V2 + "/hosts/twin", team);

    assertEquals(200, found.status(), found.text());
    assertEquals(twin.toString(), found.body().path("id").asText());
  }

  @Test
  void agentsOfOtherHostsAreUnknownAgents() throws Exception {
    AgentId own = server.agent(mine, SLEEPER, Optional.empty());
    AgentId hidden = server.agent(others, SLEEPER, Optional.empty());

    assertEquals(Set.of("a-1"), names(client.get(V2 + "/agents", team), "hostName"));
    assertEquals(Set.of(), names(client.get(V2 + "/agents?selector=team%3Db", team), "hostName"));
    assertEquals(200, client.get(V2 + "/agents/" + own, team).status());
    assertUnknown("/agents/" + hidden);
    assertEquals(404, client.get(V2 + "/agents?host=" + others, team).status());
    assertEquals(
        400,
        client.get(V2 + "/operations?host=" + others + "&agent=sleeper", team).status(),
        "an agent's name is looked up on hosts of the scope only");
  }

  @Test
  void operationsAndBatchesOfOtherHostsAreUnknown() throws Exception {
    String own = accepted(on(mine));
    String hidden = accepted(on(others));
    String mixed = accepted("\"all\":true");

    assertEquals(Set.of(own), names(client.get(V2 + "/batches", team), "id"));
    JsonNode operations = client.get(V2 + "/operations?limit=500", team).body();
    assertEquals(3, operations.path("total").asInt(), operations.toString());
    assertFalse(operations.toString().contains("other-1"));
    assertEquals(
        0, client.get(V2 + "/operations?host=" + others, team).body().path("total").asInt());
    for (String batch : List.of(hidden, mixed)) {
      assertUnknown("/batches/" + batch);
      assertUnknown("/batches/" + batch + "/operations");
      assertUnknown("/batches/" + batch + "/watch");
      assertEquals(404, post("/batches/" + batch + "/cancel", team, "").status());
    }
    String operation =
        client.get(V2 + "/batches/" + hidden + "/operations").body().at("/items/0/id").asText();
    assertUnknown("/operations/" + operation);
    assertEquals(404, post("/operations/" + operation + "/cancel", team, "").status());
    assertEquals(
        "queued", client.get(V2 + "/operations/" + operation).body().path("state").asText());
    assertEquals(200, client.get(V2 + "/batches/" + own, team).status());
    assertEquals(200, post("/batches/" + own + "/cancel", team, "").status());
  }

  @Test
  void onlyHostsOfTheScopeAreCommanded() throws Exception {
    RestClient.Reply all = post("/batches", team, exec("\"all\":true"));
    assertEquals(202, all.status(), all.text());
    assertEquals(2, all.body().path("total").asInt());
    assertEquals(404, post("/batches", team, exec(on(others))).status());
    assertEquals(404, post("/batches", team, exec("\"hosts\":[\"other-1\"]")).status());
    assertEquals(422, post("/batches", team, exec("\"selector\":\"team=b\"")).status());
    RestClient.Reply preview = post("/batches", team, dry(exec("\"all\":true")));
    assertEquals(2, preview.body().path("total").asInt(), preview.text());

    String apply =
        "{\"definitions\":[{\"name\":\"x\",\"text\":\"name: s\\nuser: u\\ncommand: [/bin/sleep, '9']\"}],\"targets\":{%s}}";
    assertEquals(404, post("/apply", team, apply.formatted(on(others))).status());
    RestClient.Reply applied = post("/apply", team, apply.formatted("\"all\":true"));
    assertEquals(202, applied.status(), applied.text());
    assertFalse(applied.text().contains("other-1"), applied.text());
  }

  /** Labels may change between the look for hosts and the acceptance. */
  @Test
  void aHostThatLeftTheScopeMeanwhileIsNotCommanded() {
    NewBatch batch =
        new NewBatch(
            OperationKind.START,
            Optional.of("filebeat"),
            "test",
            "test",
            Duration.ofMinutes(5),
            Optional.empty(),
            List.of(new NewBatch.Order(others, new Command.Start())));
    Scope scope =
        new Scope(Optional.of(SelectorParser.parse("team=a")), OptionalInt.empty(), true, false);

    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> server.stored.within(scope).submit(batch, Writer.Action.NOTHING));

    assertEquals(ErrorCode.NOT_FOUND, refused.refusal().code());
  }

  @Test
  void eventsOfOtherHostsAreNotSeen() throws Exception {
    server.event(others, "exited");
    server.event(mine, "started");

    assertEquals(Set.of("started"), names(client.get(V2 + "/events", team), "kind"));
    assertEquals(Set.of(), names(client.get(V2 + "/events?host=" + others, team), "kind"));
    assertEquals(404, client.get(V2 + "/events?host=other-1", team).status());
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                client.streamAs(team, V2 + "/events/watch?after=0"), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (!line.startsWith("data: ")) {
        line = lines.readLine();
      }
      assertTrue(line.contains("\"started\""), line);
    }
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStreamEndsWithItsToken() throws Exception {
    String secret = token("leaving", Role.VIEWER, false, OptionalInt.empty(), Optional.empty());
    String id = client.get(V2 + "/whoami", secret).body().path("id").asText();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                client.streamAs(secret, V2 + "/events/watch"), StandardCharsets.UTF_8))) {
      lines.readLine();
      assertEquals(204, client.delete(V2 + "/tokens/" + id).status());
      server.event(mine, "started");
      StringBuilder rest = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rest.append(line);
      }
      assertFalse(rest.toString().contains("started"), rest.toString());
    }
  }

  /** A route is about the whole fleet unless somebody has said otherwise. */
  @Test
  void routesAboutTheWholeFleetAreClosed() throws Exception {
    String admin = token("a-admin", Role.ADMIN, true, OptionalInt.empty(), Optional.of("team=a"));
    assertEquals(
        Set.of(
            "/api/v2/agents",
            "/api/v2/agents/{id}",
            "/api/v2/agents/{id}/logs",
            "/api/v2/apply",
            "/api/v2/batches",
            "/api/v2/batches/{id}",
            "/api/v2/batches/{id}/cancel",
            "/api/v2/batches/{id}/operations",
            "/api/v2/batches/{id}/watch",
            "/api/v2/events",
            "/api/v2/events/watch",
            "/api/v2/hosts",
            "/api/v2/hosts/{id}",
            "/api/v2/hosts/{id}/approve",
            "/api/v2/hosts/{id}/resolve",
            "/api/v2/operations",
            "/api/v2/operations/{id}",
            "/api/v2/operations/{id}/cancel",
            "/api/v2/packages",
            "/api/v2/version",
            "/api/v2/whoami"),
        server.routes.stream()
            .filter(Route::withinScope)
            .map(Route::path)
            .collect(Collectors.toSet()));
    for (Route route : server.routes) {
      if (route.withinScope() || route.role().isEmpty()) {
        continue;
      }
      RestClient.Reply reply =
          client.send(
              route.method().name(),
              route.path().replaceAll("\\{[a-z]+}", "x"),
              BodyPublishers.noBody(),
              admin);
      assertEquals(403, reply.status(), route + " " + reply.text());
      assertTrue(reply.detail().contains("team=a only"), reply.detail());
    }
  }

  @Test
  void noLabelWidensAToken() throws Exception {
    String operator = server.token("op", Role.OPERATOR, true);
    String toMine = "{\"set\":{\"team\":\"a\"},\"remove\":[]}";
    for (String token : List.of(team, operator)) {
      for (String change :
          List.of(
              toMine,
              "{\"set\":{},\"remove\":[\"team\"]}",
              "{\"set\":{\"team\":\"b\"},\"remove\":[]}")) {
        RestClient.Reply reply =
            client.send(
                "PATCH",
                V2 + "/hosts/" + others + "/labels",
                BodyPublishers.ofString(change),
                token);
        assertEquals(403, reply.status(), reply.text());
      }
    }
    assertEquals(
        200,
        client
            .send(
                "PATCH",
                V2 + "/hosts/" + others + "/labels",
                BodyPublishers.ofString("{\"set\":{\"rack\":\"7\"},\"remove\":[]}"),
                operator)
            .status(),
        "labels that no token's selector names are everybody's");
    assertUnknown("/hosts/" + others);
    assertEquals(
        200,
        client
            .send(
                "PATCH",
                V2 + "/hosts/" + others + "/labels",
                BodyPublishers.ofString(toMine),
                server.adminToken)
            .status());
    assertEquals(200, client.get(V2 + "/hosts/" + others, team).status());
  }

  @Test
  void theHistoryOfARemovedHostIsInNoScope() throws Exception {
    String notProduction =
        token("dev", Role.OPERATOR, true, OptionalInt.empty(), Optional.of("env!=prod"));
    server.event(others, "exited");
    String batch = accepted(on(others));
    server.hosts.remove(others, Writer.Action.NOTHING);

    assertEquals(Set.of(), names(client.get(V2 + "/events", notProduction), "kind"));
    assertEquals(Set.of(), names(client.get(V2 + "/operations", notProduction), "id"));
    assertEquals(404, client.get(V2 + "/batches/" + batch, notProduction).status());
  }

  @Test
  void aKeyOfAnEarlierTokenWithTheNameTellsNothing() throws Exception {
    String before = server.token("ci", Role.OPERATOR, true);
    String id = client.get(V2 + "/whoami", before).body().path("id").asText();
    String body = exec(on(others));
    assertEquals(202, post("/batches", before, body, "Idempotency-Key", "k").status());
    assertEquals(204, client.delete(V2 + "/tokens/" + id).status());
    String after = token("ci", Role.OPERATOR, true, OptionalInt.empty(), Optional.of("team=a"));

    RestClient.Reply reply = post("/batches", after, body, "Idempotency-Key", "k");

    assertEquals(409, reply.status(), reply.text());
    assertFalse(reply.text().contains("other-1"), reply.text());
  }

  @Test
  void aCapBoundsWhatOneRequestCommands() throws Exception {
    String capped = token("capped", Role.OPERATOR, true, OptionalInt.of(2), Optional.empty());
    for (String body : List.of(exec("\"all\":true"), dry(exec("\"all\":true")))) {
      RestClient.Reply reply = post("/batches", capped, body);
      assertEquals(403, reply.status(), reply.text());
      assertEquals(
          "targets: 3 hosts (expected: at most 2 at once with this token)", reply.detail());
    }
    assertEquals(202, post("/batches", capped, exec("\"selector\":\"team=a\"")).status());
    String apply =
        "{\"definitions\":[{\"name\":\"x\",\"text\":\"name: s\\nuser: u\\ncommand: [/bin/sleep, '9']\"}],\"targets\":{%s}}";
    assertEquals(403, post("/apply", capped, apply.formatted("\"all\":true")).status());
    assertEquals(202, post("/apply", capped, apply.formatted(on(mine))).status());
  }

  @Test
  void nobodyGivesMoreThanHeHas() throws Exception {
    String noExec = token("no-exec", Role.ADMIN, false, OptionalInt.of(10), Optional.empty());
    String request = "{\"name\":\"x\",\"role\":\"admin\"%s}";
    for (String more :
        List.of("", ",\"exec\":true,\"maxHosts\":1", ",\"maxHosts\":11", ",\"hosts\":\"team=a\"")) {
      RestClient.Reply reply = post("/tokens", noExec, request.formatted(more));
      assertEquals(403, reply.status(), more + reply.text());
      assertTrue(reply.detail().contains("more than the token no-exec has"), reply.detail());
    }
    RestClient.Reply less = post("/tokens", noExec, request.formatted(",\"maxHosts\":10"));
    assertEquals(201, less.status(), less.text());
    String operator = server.token("op", Role.OPERATOR, true);
    assertEquals(403, post("/tokens", operator, "{\"name\":\"y\",\"role\":\"viewer\"}").status());
  }

  @Test
  void badLimitsAreRefused() throws Exception {
    Map<String, String> wrong =
        Map.of(
            "\"maxHosts\":0", "maxHosts: 0 (expected: 1 to 1000000)",
            "\"maxHosts\":1000001", "maxHosts: 1000001 (expected: 1 to 1000000)",
            "\"maxHosts\":\"many\"", "maxHosts: a value of another type (expected: a number)",
            "\"hosts\":\" \"", "hosts: empty (expected: a selector, like team=web)",
            "\"hosts\":\"fact.os=debian\"",
                "hosts: fact.os (expected: labels only; a host itself says what its facts are)",
            "\"hosts\":\"team=(\"", "selector, character 6: found '(' (expected: a value)");
    for (var each : wrong.entrySet()) {
      RestClient.Reply reply =
          post(
              "/tokens",
              server.adminToken,
              "{\"name\":\"x\",\"role\":\"viewer\",%s}".formatted(each.getKey()));
      assertEquals(400, reply.status(), reply.text());
      assertEquals(each.getValue(), reply.detail());
    }
  }

  @Test
  void definitionsWithCommandLinesNeedExec() throws Exception {
    String noExec = server.token("op", Role.OPERATOR, false);
    server.agent(mine, SLEEPER, Optional.empty());
    String command =
        "{\"command\":{\"kind\":\"%s\",\"definition\":\"%s\"},\"targets\":{" + on(mine) + "}}";

    RestClient.Reply install =
        post(
            "/batches",
            noExec,
            command.formatted("install", "name: s\\nuser: root\\ncommand: [/bin/sh, -c, id]"));
    assertEquals(403, install.status(), install.text());
    assertEquals(
        "command of agent s: a command line, and this token may not exec (expected: a token that"
            + " may)",
        install.detail());
    assertEquals(
        install.text(),
        post(
                "/batches",
                noExec,
                dry(
                    command.formatted(
                        "install", "name: s\\nuser: root\\ncommand: [/bin/sh, -c, id]")))
            .text());
    String definition =
        "{\"definitions\":[{\"name\":\"x\",\"text\":\"name: s\\nuser: u\\ncommand: [/bin/sleep, '9']\"}],\"targets\":{"
            + on(mine)
            + "}}";
    RestClient.Reply apply = post("/apply", noExec, definition);
    assertEquals(403, apply.status(), apply.text());
    assertEquals(apply.text(), post("/apply", noExec, dry(definition)).text());
    assertEquals(200, post("/apply", server.adminToken, dry(definition)).status());
    String sleeper = "name: sleeper\\nuser: %s\\ncommand: [/bin/sleep, '%s']\\nenvironment: {A: b}";
    assertEquals(
        403,
        post("/batches", noExec, command.formatted("configure", sleeper.formatted("nobody", 7)))
            .status(),
        "another command line");
    assertEquals(
        403,
        post("/batches", noExec, command.formatted("configure", sleeper.formatted("root", 1000)))
            .status(),
        "the same one as another user");
    RestClient.Reply same =
        post("/batches", noExec, command.formatted("configure", sleeper.formatted("nobody", 1000)));
    assertEquals(202, same.status(), same.text());
    assertEquals(
        202,
        post(
                "/batches",
                noExec,
                "{\"command\":{\"kind\":\"restart\",\"agent\":\"sleeper\"},\"targets\":{%s}}"
                    .formatted(on(mine)))
            .status());
  }
}
