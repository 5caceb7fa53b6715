package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server refuses before anything of it is accepted. */
class BadRequestIT {
  @TempDir static Path folder;

  private static Site site;
  private long batches;

  @BeforeAll
  static void open() throws Exception {
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @BeforeEach
  void count() {
    batches = batches();
  }

  @AfterEach
  void nothingWasAccepted() {
    assertEquals(batches, batches(), "batches");
    site.assertUnharmed();
  }

  private static long batches() {
    return site.fleet().client().batches().collect(1).total();
  }

  @Test
  void malformedAndOversizedJson() throws Exception {
    try (RawApi api = new RawApi(site.fleet())) {
      problem(api.post("batches", "{\"command\": {\"kind\": "), 400, "bad-request");
      problem(api.post("batches", "[]"), 400, "bad-request");
      problem(api.post("batches", "[".repeat(100_000)), 400, "bad-request");
      problem(api.post("batches", "{\"comand\": {\"kind\": \"exec\"}}"), 400, "did you mean");
      problem(api.post("batches", "{\"x\": \"" + "x".repeat(40 << 20) + "\"}"), 413, "too-large");
      problem(
          api.post(
              "batches",
              """
              {"command": {"kind": "stop", "agent": "neighbour"}, "targets": {"selector": ""}}
              """),
          422,
          "no host matches");
      problem(
          api.post("batches", "{\"command\": {\"kind\": \"stop\", \"agent\": \"neighbour\"}}"),
          400,
          "targets");
      problem(
          api.post(
              "batches",
              """
              {"command": {"kind": "stop", "agent": "neighbour"}, "targets": {"all": true},
               "timeout": "0s"}
              """),
          400,
          "timeout: 0s (expected: ");
    }
  }

  private static void problem(HttpResponse<String> answer, int status, String expected) {
    String seen = answer.statusCode() + " " + answer.body();
    assertEquals(status, answer.statusCode(), seen);
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse("none"));
    assertTrue(answer.body().contains(expected), seen);
  }

  @Test
  void yamlWithUnknownKeys() throws Exception {
    Path definition =
        site.file(
            "unknown.yaml",
            """
            name: unknown
            user: root
            comand: [/bin/true]
            stop: {signl: TERM}
            """);
    for (String verb : List.of("install", "configure")) {
      CommandLine.Result refused =
          site.run("agent", verb, "-f", definition.toString(), "--all").expect(2);
      assertTrue(refused.err().contains("did you mean `command`?"), refused::screen);
      assertTrue(refused.err().contains("4:8"), refused::screen);
      assertTrue(refused.err().contains("did you mean `signal`?"), refused::screen);
    }
    CommandLine.Result refused = site.run("apply", "-f", definition.toString(), "--all").expect(2);
    assertTrue(refused.err().contains("unknown.yaml:3:1"), refused::screen);
    Path twoOfThem =
        site.file("twice.yaml", "name: a\nname: b\nuser: root\ncommand: [/bin/true]\n");
    site.run("agent", "install", "-f", twoOfThem.toString(), "--all").expect(2);
    site.run("agent", "install", "-f", site.file("no.yaml", "{{{").toString(), "--all").expect(2);
  }

  @Test
  void unknownIds() {
    String nobody = UUID.randomUUID().toString();
    for (List<String> words :
        List.of(
            List.of("batch", "show", nobody),
            List.of("batch", "cancel", nobody),
            List.of("operation", "show", nobody),
            List.of("operation", "cancel", nobody),
            List.of("host", "show", nobody),
            List.of("host", "remove", nobody, "--yes"),
            List.of("agent", "show", nobody),
            List.of("token", "revoke", nobody),
            List.of("enroll-token", "revoke", nobody),
            List.of("package", "remove", "nobody@1"))) {
      CommandLine.Result refused = site.run(words.toArray(String[]::new)).expect(1);
      assertTrue(refused.err().startsWith("error: "), refused::screen);
      assertTrue(
          refused.err().contains(words.get(2).replace("@", " "))
              || refused.err().contains(words.get(2)),
          refused::screen);
    }
    for (String verb : List.of("start", "stop", "restart", "uninstall")) {
      CommandLine.Result refused = site.run("agent", verb, "nobody", "--all");
      assertTrue(refused.status() != 0, refused::screen);
      assertTrue(refused.err().contains("nobody"), refused::screen);
    }
    CommandLine.Result noHost = site.run("exec", "--host", "nobody", "--", "/bin/true").expect(1);
    assertTrue(noHost.err().contains("nobody"), noHost::screen);
  }

  @Test
  void duplicateNames() throws Exception {
    Path one = site.file("one.yaml", "name: twin\nuser: root\ncommand: [/bin/sleep, \"1\"]\n");
    Path two = site.file("two.yaml", "name: twin\nuser: root\ncommand: [/bin/sleep, \"2\"]\n");
    CommandLine.Result twice =
        site.run("apply", "-f", one.toString(), "-f", two.toString(), "--all").expect(2);
    assertTrue(twice.err().contains("twin"), twice::screen);

    Path neighbour =
        site.file("n.yaml", "name: neighbour\nuser: root\ncommand: [/bin/sleep, \"1\"]\n");
    CommandLine.Result taken = site.run("agent", "install", "-f", neighbour.toString(), "--all");
    assertTrue(taken.expect(1).err().contains("neighbour"), taken::screen);
  }

  @Test
  void otherBytesForAPackageVersion() throws Exception {
    site.run("package", "push", packageOf("first"), "same@1").expect(0);
    CommandLine.Result other = site.run("package", "push", packageOf("second"), "same@1").expect(1);
    assertTrue(other.err().contains("same"), other::screen);
  }

  private static String packageOf(String content) throws IOException {
    Path source = site.newFolder("package-");
    Files.writeString(source.resolve("file"), content);
    return source.toString();
  }

  @Test
  void noHosts() {
    CommandLine.Result empty = site.run("exec", "-l", "", "--", "/bin/true").expect(2);
    assertTrue(empty.err().contains("matches no host"), empty::screen);
    CommandLine.Result broken = site.run("exec", "-l", "role==web", "--", "/bin/true").expect(2);
    assertTrue(broken.err().contains("role==web"), broken::screen);
    CommandLine.Result none = site.run("agent", "stop", "neighbour").expect(2);
    assertTrue(none.err().contains("for which hosts?"), none::screen);
  }

  @Test
  void noTime() {
    CommandLine.Result zero =
        site.run("exec", "--all", "--deadline", "0s", "--", "/bin/true").expect(2);
    assertTrue(
        zero.err().contains("--deadline: \"0s\" (expected: a duration above 0"), zero::screen);
    site.run("exec", "--all", "--deadline", "soon", "--", "/bin/true").expect(2);
    site.run("exec", "--all", "--deadline", "-5s", "--", "/bin/true").expect(2);
  }

  @Test
  void tokensThatMayNot() throws Exception {
    CommandLine stranger =
        site.fleet().commandLine(site.fleet().operatorUrl(), "ea_" + "x".repeat(43));
    CommandLine.Result unknown = stranger.run("host", "list").expect(4);
    assertTrue(unknown.err().contains("easyagent login"), unknown::screen);

    CommandLine viewer = withRole("viewer");
    viewer.run("host", "list").expect(0);
    Path definition = site.file("v.yaml", "name: v\nuser: root\ncommand: [/bin/true]\n");
    for (List<String> words :
        List.of(
            List.of("agent", "stop", "neighbour", "--all"),
            List.of("exec", "--all", "--", "/bin/true"),
            List.of("agent", "install", "-f", definition.toString(), "--all"),
            List.of("apply", "-f", definition.toString(), "--all"),
            List.of("package", "push", packageOf("v"), "v@1"),
            List.of("host", "label", site.agent("neighbour").hostName(), "a=b"),
            List.of("host", "remove", site.agent("neighbour").hostName(), "--yes"),
            List.of("token", "create", "more", "--role", "admin"),
            List.of("enroll-token", "create"),
            List.of("audit", "list"))) {
      CommandLine.Result refused = viewer.run(words.toArray(String[]::new)).expect(4);
      assertTrue(refused.err().contains("for the role viewer (expected: "), refused::screen);
    }
    CommandLine.Result noExec =
        withRole("operator").run("exec", "--all", "--", "/bin/true").expect(4);
    assertTrue(noExec.err().contains("exec"), noExec::screen);
  }

  private static CommandLine withRole(String role) throws IOException {
    String token = site.run("token", "create", "a-" + role, "--role", role).expect(0).out();
    return site.fleet().commandLine(site.fleet().operatorUrl(), token.strip());
  }
}
