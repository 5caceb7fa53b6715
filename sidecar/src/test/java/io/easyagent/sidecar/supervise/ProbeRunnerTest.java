package io.easyagent.sidecar.supervise;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeRunnerTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private final ProbeRunner runner = new ProbeRunner(System::nanoTime);

  /** Answers one connection with these bytes, then leaves it open until the client closes. */
  private Optional<String> ask(String answer, Duration timeout) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread answering =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = server.accept()) {
                  socket.getInputStream().read();
                  socket.getOutputStream().write(answer.getBytes(US_ASCII));
                  socket.getOutputStream().flush();
                  socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException clientClosed) {
                  return;
                }
              });
      Optional<String> result = runner.run(new Probe.Http(url(server.getLocalPort())), timeout);
      answering.join();
      return result;
    }
  }

  private static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port + "/-/healthy?deep=1");
  }

  @Test
  void anAnswerOfTheTwoHundredsIsWell() throws Exception {
    assertEquals(Optional.empty(), ask("HTTP/1.1 200 OK\r\n\r\n", LONG));
    assertEquals(Optional.empty(), ask("HTTP/1.0 204\r\n", LONG));
  }

  @Test
  void otherAnswersAreNotAndRedirectsAreNotFollowed() throws Exception {
    assertEquals(Optional.of("answered 503 Busy"), ask("HTTP/1.1 503 Busy\r\n\r\n", LONG));
    assertEquals(
        Optional.of("answered 302 Found"),
        ask("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n", LONG));
    assertEquals(Optional.of("no HTTP answer"), ask("SSH-2.0-OpenSSH\r\n", LONG));
  }

  @Test
  void noMoreThanAKibibyteIsRead() throws Exception {
    assertEquals(Optional.of("no HTTP answer"), ask("x".repeat(100_000), LONG));
  }

  @Test
  void silenceTimesOut() throws Exception {
    assertEquals(Optional.of("timed out"), ask("", Duration.ofMillis(100)));
  }

  @Test
  void otherHostsAreNotAsked() {
    assertEquals(
        Optional.of("192.0.2.1 (expected: an address of this host)"),
        runner.run(new Probe.Http(URI.create("http://192.0.2.1/")), LONG));
    assertEquals(
        Optional.of("192.0.2.1 (expected: an address of this host)"),
        runner.run(new Probe.Tcp("192.0.2.1", 80), LONG));
  }

  @Test
  void otherSchemesAreRefused() {
    assertTrue(
        runner
            .run(new Probe.Http(URI.create("file:///etc/passwd")), LONG)
            .orElseThrow()
            .contains("expected: http://"));
  }

  @Test
  void aConnectionIsWellAndARefusedOneIsNot() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      assertEquals(Optional.empty(), runner.run(new Probe.Tcp("127.0.0.1", port), LONG));
    }
    assertEquals(
        Optional.of("connection refused"), runner.run(new Probe.Tcp("127.0.0.1", port), LONG));
  }
}
