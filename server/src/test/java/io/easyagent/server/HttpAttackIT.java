package io.easyagent.server;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.Role;
import io.easyagent.server.transport.ConnectionLimits;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile bytes on the operators' port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpAttackIT {
  private static final String V2 = "/api/v2";
  private static final String HERE = "127.0.0.1";
  private static final String ELSEWHERE = "127.0.0.2";
  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(100, 1_000, Duration.ofSeconds(2), 1024);

  private RestServer server;
  private RestClient client;
  private String viewer;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    server = RestServer.withLimits(folder.resolve("data"), LIMITS);
    client = new RestClient(server, OpenApi.packaged());
    viewer = server.token("a-viewer", Role.VIEWER, false);
    server.host("web-1", Map.of("role", "web"));
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  private RawConnection connect(String from) throws IOException {
    return new RawConnection(server.clientTls, from, server.uri("/").getPort());
  }

  private String ask(String from, String request) throws IOException {
    try (RawConnection connection = connect(from)) {
      return connection.send(request).readAll();
    }
  }

  private static int status(String answer) {
    return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
  }

  private static String get(String target, String token) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
        + "\r\n";
  }

  // ---- paths

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/healthz/../api/v2/hosts",
        "/healthz/..%2fapi%2fv2%2fhosts",
        "/healthz%2f..%2fapi/v2/hosts",
        "/healthz/%2e%2e/api/v2/hosts",
        "/healthz;/../api/v2/hosts",
        "/healthz;x=y/..;/api/v2/hosts",
        "/healthz/..;/api/v2/hosts",
        "//api/v2/hosts",
        "/./api/v2/hosts",
        "/api//v2/hosts",
        "/api/v2/hosts/",
        "/api/v2/hosts;x=/healthz",
        "/api/v2/hosts%00/healthz",
        "/api/v2/hosts?/healthz",
        "/api/v2/hosts#/healthz",
        "/%61pi/v2/hosts",
        "/%2561pi/v2/hosts",
        "/api%5cv2%5chosts",
        "/api\\v2\\hosts",
        "/API/V2/hosts",
        "/api/v2/%c0%ae%c0%ae/hosts",
        "/api/v2/%ff%fe/hosts",
        "/api/v2/hosts/%252e%252e%252f",
        "https://127.0.0.1/api/v2/hosts",
        "https://evil.example/healthz/../api/v2/hosts",
        "*"
      })
  void noPathGoesAroundTheGate(String target) throws Exception {
    String answer = ask(HERE, get(target, ""));

    assertTrue(List.of(400, 401, 404).contains(status(answer)), answer);
    assertFalse(answer.contains("web-1"), answer);
    server.skipped.addAndGet(Duration.ofHours(1).toNanos());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v2/tokens",
        "/api/v2/%74okens",
        "/api/v2/tokens?role=admin",
        "/api/v2/hosts/../tokens",
        "/api/v2/hosts/..%2ftokens",
        "/api/v2/hosts/%2e%2e/tokens",
        "/api/v2/hosts/..;/tokens",
        "/api/v2/whoami;/../tokens",
        "/api/v2//tokens",
        "/api/v2/TOKENS",
        "/api/v2/tokens%2f",
        "/api/v2/tokens;x",
        "/api/v2/./tokens"
      })
  void noPathGoesAroundTheRole(String target) throws Exception {
    String answer = ask(HERE, get(target, viewer));

    assertTrue(List.of(400, 403, 404).contains(status(answer)), answer);
    assertFalse(answer.contains("a-viewer\",\"role"), answer);
  }

  @Test
  void aPathIsNoFile() throws Exception {
    for (String name : List.of("..%2f..%2fadmin.token", "%2fetc%2fpasswd", "..", "a%00b")) {
      for (String version : List.of("1.0.0", "..%2f..%2f..%2fetc")) {
        String answer =
            ask(
                HERE,
                "PUT %s/packages/%s/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Length: 2\r\n\r\nhi"
                    .formatted(V2, name, version, server.adminToken));
        assertTrue(List.of(400, 404).contains(status(answer)), name + " " + answer);
      }
    }
  }

  @Test
  void anOverlongHeadIsRefused() throws Exception {
    for (String request :
        List.of(
            get("/api/v2/hosts/" + "a".repeat(20_000), viewer),
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n".repeat(5_000) + "\r\n")) {
      String answer = ask(HERE, request);
      assertTrue(List.of(414, 431).contains(status(answer)), answer);
      assertTrue(answer.contains("\"code\":\"too-large\""), answer);
      assertProtected(answer);
    }
  }

  private static void assertProtected(String answer) {
    String head = answer.substring(0, answer.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    for (String header :
        List.of("x-content-type-options: nosniff", "cache-control: no-store", "x-frame-options")) {
      assertTrue(head.contains(header), answer);
    }
    assertFalse(head.contains("server:"), answer);
    assertFalse(head.contains("set-cookie"), answer);
  }

  // ---- HTTP itself

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 44\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: -4\r\n",
        "Content-Length: 0x4\r\n",
        "Content-Length: 4, 44\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
        "X: a\r\n Transfer-Encoding: chunked\r\n",
        "X: a\nTransfer-Encoding: xchunked\r\n",
        "Host: y\r\n"
      })
  void noRequestHidesInAnother(String headers) throws Exception {
    String hidden = "GET /api/v2/whoami HTTP/1.1\r\nHost: x\r\nX: ";
    String answer =
        ask(
            HERE,
            "POST /api/v2/apply HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n0\r\n\r\n%s"
                .formatted(viewer, headers, hidden));

    assertEquals(400, status(answer), answer);
    assertEquals(1, answer.split("HTTP/1.1 ", -1).length - 1, answer);
  }

  @Test
  void oldHttpIsServedOrRefusedAndNeverKeptOpen() throws Exception {
    assertEquals(
        200,
        status(
            ask(
                HERE,
                "GET /api/v2/whoami HTTP/1.0\r\nAuthorization: Bearer " + viewer + "\r\n\r\n")));
    assertEquals(401, status(ask(HERE, "GET /api/v2/whoami HTTP/1.0\r\n\r\n")));
    for (String request :
        List.of(
            "GET /healthz\r\n\r\n",
            "GET /healthz HTTP/3.0\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
      String answer = ask(HERE, request);
      assertTrue(List.of(0, 400, 401, 426, 505).contains(status(answer)), request + answer);
    }
  }

  @Test
  void methodsThatNobodyNeedsDoNothing() throws Exception {
    for (String method : List.of("TRACE", "TRACK", "CONNECT", "OPTIONS", "PROPFIND", "DEBUG")) {
      String answer =
          ask(
              HERE,
              "%s /api/v2/hosts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\nX-Secret: mine\r\n\r\n"
                  .formatted(method, viewer));
      assertTrue(List.of(400, 404, 405, 501).contains(status(answer)), method + answer);
      assertFalse(answer.contains("X-Secret"), answer);
      assertFalse(answer.contains(viewer), answer);
    }
    String head =
        ask(
            HERE,
            "HEAD /api/v2/hosts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(viewer));
    assertTrue(head.endsWith("\r\n\r\n"), head);
  }

  /** A page in a browser has no token, and is told nothing. */
  @Test
  void otherOriginsGetNothing() throws Exception {
    String preflight =
        ask(
            HERE,
            "OPTIONS /api/v2/batches HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
    assertEquals(401, status(preflight), preflight);
    String form =
        ask(
            HERE,
            "POST /api/v2/batches HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://evil.example\r\nCookie: token=%s\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(server.adminToken));
    assertEquals(401, status(form), form);
    String inQuery = ask(HERE, get("/api/v2/hosts?token=" + server.adminToken, ""));
    assertEquals(401, status(inQuery), inQuery);
    for (String answer : List.of(preflight, form)) {
      assertFalse(answer.toLowerCase(Locale.ROOT).contains("access-control-"), answer);
      assertProtected(answer);
    }
  }

  @Test
  void headersAreNotInjected() throws Exception {
    for (String target :
        List.of(
            "/api/v2/hosts/x%0d%0aInjected:%20yes",
            "/api/v2/hosts?selector=x%0d%0aInjected:%20yes",
            "/api/v2/hosts?name=%0aInjected",
            "/api/v2/nothing%0d%0a%0d%0aInjected")) {
      String answer = ask(HERE, get(target, viewer));
      String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
      assertFalse(head.toLowerCase(Locale.ROOT).contains("injected"), answer);
      assertFalse(answer.substring(head.length() + 4).contains("\n"), answer);
    }
  }

  /** Whom an audit entry names, and who is held back, goes by the connection alone. */
  @Test
  void aForwardedAddressIsNotBelieved() throws Exception {
    String answer =
        ask(
            ELSEWHERE,
            "POST /api/v2/tokens HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\nContent-Length: 35\r\n\r\n{\"name\": \"forward\",\"role\":\"viewer\"}"
                .formatted(server.adminToken));
    assertEquals(201, status(answer), answer);
    String newest = client.get(V2 + "/audit?limit=1").body().at("/items/0/from").asText();
    assertEquals(ELSEWHERE, newest);
  }

  // ---- bodies

  @Test
  void bodiesThatAreBombsAreRefused() throws Exception {
    String exec = "{\"command\":{\"kind\":\"exec\",\"command\":[\"x\"]},\"targets\":%s}";
    StringBuilder aliases = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\\n");
    for (char each = 'b'; each < 'j'; each++) {
      char before = (char) (each - 1);
      aliases.append("%c: &%c [".formatted(each, each));
      aliases.append(("*" + before + ", ").repeat(8)).append("*").append(before).append("]\\n");
    }
    List<String> bodies =
        List.of(
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            exec.formatted("[".repeat(100_000)),
            exec.formatted("{\"all\":true,\"all\":true}"),
            exec.formatted("{\"hosts\":[" + "1".repeat(500_000) + "]}"),
            exec.formatted("{\"all\":true}}{"),
            exec.formatted("{\"selector\":\"" + "a=b,".repeat(2_000) + "a=b\"}"),
            exec.formatted(
                "{\"selector\":\"a in ("
                    + IntStream.range(0, 300).mapToObj(each -> "b" + each).collect(joining(","))
                    + ")\"}"),
            exec.formatted("{\"selector\":\"a='; DROP TABLE host; --\"}"),
            exec.formatted("{\"selector\":\"a=b OR 1=1\"}"),
            exec.formatted("{\"selector\":\"a=b) OR (1=1\"}"),
            exec.formatted("{\"selector\":\"((((((a=b))))))\"}"),
            exec.formatted("{\"selector\":\"a=\\u0000\"}"),
            "{\"definitions\":[{\"name\":\"x\",\"text\":\""
                + aliases
                + "\"}],\"targets\":{\"all\":true}}",
            "{\"definitions\":[{\"name\":\"x\",\"text\":\""
                + "[".repeat(100_000)
                + "\"}],\"targets\":{\"all\":true}}",
            "\u0000\u0001\u0002",
            "{\"__proto__\":{}}",
            "null");
    for (String body : bodies) {
      for (String path : List.of("/batches", "/apply")) {
        RestClient.Reply reply = client.post(V2 + path, body);
        String shown = body.substring(0, Math.min(80, body.length()));
        assertEquals(400, reply.status(), shown + reply.text());
        assertTrue(reply.text().length() < 4_000, shown + reply.text().length());
      }
    }
    assertEquals(0, server.operations.accepted());
    assertEquals(
        413,
        client
            .send(
                "POST",
                V2 + "/batches",
                BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[2 << 20])),
                server.adminToken)
            .status(),
        "chunked, so that no length tells it");
    assertEquals(200, client.get(V2 + "/hosts").status());
  }

  // ---- failed authentication

  @Test
  void tenThousandWrongTokensHarmNobodyElse() throws Exception {
    int wrong = 10_000;
    int heldBack = 0;
    try (RawConnection attacker = connect(ELSEWHERE)) {
      for (int each = 0; each < wrong; each++) {
        attacker.send(
            "GET /api/v2/hosts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ea_%043d\r\n\r\n"
                .formatted(each));
        String answer = attacker.readSome();
        assertTrue(List.of(401, 429).contains(status(answer)), answer);
        heldBack += status(answer) == 429 ? 1 : 0;
        if (each % 1_000 == 0) {
          assertEquals(200, status(ask(HERE, get("/api/v2/hosts", viewer))));
        }
      }
    }
    assertTrue(heldBack > wrong - 20, "held back: " + heldBack);
    assertEquals(429, status(ask(ELSEWHERE, get("/api/v2/hosts", viewer))));
    server.skipped.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(200, status(ask(ELSEWHERE, get("/api/v2/hosts", viewer))));
  }

  // ---- slow and many connections

  @Test
  void headsThatTrickleAreCutAndOthersAreServed() throws Exception {
    List<RawConnection> slow = new ArrayList<>();
    for (int each = 0; each < 50; each++) {
      slow.add(connect(ELSEWHERE).send("GET /api/v2/hosts HTTP/1.1\r\nX: "));
    }
    RawConnection second = connect(ELSEWHERE);
    second.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    assertEquals(200, status(second.readSome()));
    second.send("GET /healthz HTTP/1.1\r\nX: ");
    slow.add(second);

    Eventually.await(
        Duration.ofSeconds(15),
        "every connection that trickles is closed",
        () -> {
          slow.removeIf(connection -> !connection.trickle());
          assertEquals(200, client.get("/healthz", "").status());
          return slow.isEmpty();
        });
  }

  @Test
  void handshakesThatTrickleAreCut() throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", server.uri("/").getPort()));
      // A ClientHello in the largest record that there is: not over before patience is.
      socket
          .getOutputStream()
          .write(new byte[] {22, 3, 1, 0x3f, (byte) 0xff, 1, 0, 0x3f, (byte) 0xfb});
      Eventually.await(
          Duration.ofSeconds(15),
          "the connection is closed",
          () -> {
            try {
              socket.getOutputStream().write(1);
              return false;
            } catch (IOException closed) {
              return true;
            }
          });
    }
  }

  @Test
  void bodiesThatTrickleAreCut() throws Exception {
    try (RawConnection connection = connect(ELSEWHERE)) {
      connection.send(
          "POST /api/v2/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100000\r\n\r\n{"
              .formatted(server.adminToken));
      Eventually.await(
          Duration.ofSeconds(15), "the connection is closed", () -> !connection.trickle());
    }
  }

  @Test
  void aStreamThatIsOnlyReadStaysOpen() throws Exception {
    try (RawConnection reader = connect(HERE)) {
      reader.send(
          "GET /api/v2/events/watch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(viewer));
      assertEquals(200, status(reader.readSome()));
      long from = System.nanoTime();
      Eventually.await(
          Duration.ofSeconds(15),
          "more than the patience with connections is over",
          () -> System.nanoTime() - from > LIMITS.patience().multipliedBy(2).toNanos());
      server.event(server.hosts.all().getFirst(), "stillThere");
      StringBuilder read = new StringBuilder();
      while (!read.toString().contains("stillThere")) {
        String some = reader.readSome();
        assertFalse(some.isEmpty(), "closed after: " + read);
        read.append(some);
      }
    }
  }

  @Test
  void onePeerDoesNotTakeAllConnections() throws Exception {
    List<RawConnection> many = new ArrayList<>();
    int refused = 0;
    try {
      for (int each = 0; each < 2 * LIMITS.mostOfOnePeer(); each++) {
        try {
          many.add(connect("127.0.0.3"));
        } catch (IOException closed) {
          refused++;
        }
      }
      assertEquals(LIMITS.mostOfOnePeer(), refused);
      assertEquals(200, status(ask(ELSEWHERE, get("/healthz", ""))));
    } finally {
      for (RawConnection each : many) {
        each.close();
      }
    }
    Eventually.await(
        Duration.ofSeconds(15),
        "the peer may connect again",
        () -> {
          try {
            return status(ask("127.0.0.3", get("/healthz", ""))) == 200;
          } catch (IOException closed) {
            return false;
          }
        });
  }

  // ---- TLS

  @Test
  void oldTlsIsRefused() throws Exception {
    int port = server.uri("/").getPort();
    for (int minor : new int[] {0, 1, 2}) {
      byte[] answer = hello(port, minor);
      assertEquals(21, answer[0], "an alert for 3." + minor);
      assertEquals(70, answer[6], "protocol_version");
    }
    assertEquals(22, hello(port, 3)[0], "TLS 1.2 is answered with a ServerHello");
  }

  /** The first bytes of the answer to a ClientHello of TLS 1.(minor - 1). */
  private static byte[] hello(int port, int minor) throws IOException {
    ByteBuffer body = ByteBuffer.allocate(512);
    body.put((byte) 3).put((byte) minor).put(new byte[32]).put((byte) 0);
    int[] suites = {0xc02b, 0xc02c, 0xc02f, 0xc030, 0xc009, 0xc00a, 0xc013, 0xc014, 0x002f, 0x0035};
    body.putShort((short) (suites.length * 2));
    for (int suite : suites) {
      body.putShort((short) suite);
    }
    body.put((byte) 1).put((byte) 0);
    ByteBuffer extensions = ByteBuffer.allocate(128);
    extensions.putShort((short) 10).putShort((short) 6).putShort((short) 4);
    extensions.putShort((short) 23).putShort((short) 24);
    extensions.putShort((short) 11).putShort((short) 2).put((byte) 1).put((byte) 0);
    extensions.putShort((short) 13).putShort((short) 10).putShort((short) 8);
    extensions.putShort((short) 0x0403).putShort((short) 0x0503);
    extensions.putShort((short) 0x0401).putShort((short) 0x0804);
    extensions.flip();
    body.putShort((short) extensions.remaining()).put(extensions);
    body.flip();
    int length = body.remaining();
    ByteBuffer record = ByteBuffer.allocate(length + 9);
    record.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) (length + 4));
    record.put((byte) 1).put((byte) 0).putShort((short) length).put(body);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(record.array());
      return socket.getInputStream().readNBytes(7);
    }
  }

  @Test
  void withoutTlsNothingIsSaid() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(get("/healthz", viewer).getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertFalse(answer.contains("HTTP/"), answer);
    }
  }
}
