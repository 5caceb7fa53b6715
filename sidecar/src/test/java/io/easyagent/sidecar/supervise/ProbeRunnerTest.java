package io.easyagent.sidecar.supervise;

import static io.easyagent.sidecar.supervise.ProbeAnswer.WELL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.supervise.ProbeAnswer.NotAsked;
import io.easyagent.sidecar.supervise.ProbeAnswer.NotWell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeRunnerTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private final ProbeRunner runner = runner(ProbedAddress.ofThisHost());

  private static ProbeRunner runner(ProbedAddress addresses) {
    return new ProbeRunner(System::nanoTime, addresses, HostRules.NONE);
  }

  /** Answers one connection with these bytes, then leaves it open until the client closes. */
  private ProbeAnswer ask(String answer, Duration timeout) throws Exception {
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
      ProbeAnswer result = runner.run(new Probe.Http(url(server.getLocalPort())), timeout);
      answering.join();
      return result;
    }
  }

  private static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port + "/-/healthy?deep=1");
  }

  @Test
  void anAnswerOfTheTwoHundredsIsWell() throws Exception {
    assertEquals(WELL, ask("HTTP/1.1 200 OK\r\n\r\n", LONG));
    assertEquals(WELL, ask("HTTP/1.0 204\r\n", LONG));
  }

  @Test
  void otherAnswersAreNotAndRedirectsAreNotFollowed() throws Exception {
    assertEquals(new NotWell("answered 503 Busy"), ask("HTTP/1.1 503 Busy\r\n\r\n", LONG));
    assertEquals(
        new NotWell("answered 302 Found"),
        ask("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n", LONG));
    assertEquals(new NotWell("no HTTP answer"), ask("SSH-2.0-OpenSSH\r\n", LONG));
  }

  @Test
  void noMoreThanAKibibyteIsRead() throws Exception {
    assertEquals(new NotWell("no HTTP answer"), ask("x".repeat(100_000), LONG));
  }

  @Test
  void silenceTimesOut() throws Exception {
    assertEquals(new NotWell("timed out"), ask("", Duration.ofMillis(100)));
  }

  @Test
  void otherHostsAreNotAsked() {
    assertEquals(
        new NotWell("192.0.2.1 (expected: an address of this host)"),
        runner.run(new Probe.Http(URI.create("http://192.0.2.1/")), LONG));
    assertEquals(
        new NotWell("192.0.2.1 (expected: an address of this host)"),
        runner.run(new Probe.Tcp("192.0.2.1", 80), LONG));
  }

  @Test
  void otherSchemesAreRefused() {
    for (String url : List.of("file:///etc/passwd", "gopher://127.0.0.1/", "https://127.0.0.1/")) {
      assertEquals(
          new NotWell("url: " + url + " (expected: http://HOST:PORT/PATH)"),
          runner.run(new Probe.Http(URI.create(url)), LONG));
    }
  }

  @Test
  void aConnectionIsWellAndARefusedOneIsNot() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      assertEquals(WELL, runner.run(new Probe.Tcp("127.0.0.1", port), LONG));
    }
    assertEquals(
        new NotWell("connection refused"), runner.run(new Probe.Tcp("127.0.0.1", port), LONG));
  }

  @Test
  void aNameThatMeansAnotherAddressTheNextMomentIsAskedWhereItWasJudged() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      ProbeRunner rebound =
          runner(
              new ProbedAddress(
                  name ->
                      InetAddress.ofLiteral(
                          lookups.getAndIncrement() == 0 ? "127.0.0.1" : "192.0.2.1"),
                  InetAddress::isLoopbackAddress));
      Probe.Tcp probe = new Probe.Tcp("rebinding.example", server.getLocalPort());
      assertEquals(WELL, rebound.run(probe, LONG));
      assertEquals(1, lookups.get());
      assertEquals(
          new NotWell("rebinding.example, which is 192.0.2.1 (expected: an address of this host)"),
          rebound.run(probe, LONG));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.23",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "0.0.0.0",
        "::",
        "224.0.0.1"
      })
  void addressesThatGiveCredentialsAreNotAskedEvenIfTheyAreTheHostsOwn(String address) {
    ProbeRunner everythingIsOwn =
        runner(new ProbedAddress(name -> InetAddress.ofLiteral(address), any -> true));
    ProbeAnswer answer =
        everythingIsOwn.run(
            new Probe.Http(URI.create("http://metadata.example:1/")), Duration.ofMillis(200));
    String expected = InetAddress.ofLiteral(address).getHostAddress();
    assertEquals(
        new NotWell(
            "metadata.example, which is " + expected + " (expected: an address of this host)"),
        answer);
  }

  @Test
  void noProxyOfTheRuntimeIsUsed() throws Exception {
    try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ServerSocket asked = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      System.setProperty("socksProxyHost", "127.0.0.1");
      System.setProperty("socksProxyPort", Integer.toString(proxy.getLocalPort()));
      System.setProperty("socksNonProxyHosts", "");
      assertEquals(WELL, runner.run(new Probe.Tcp("127.0.0.1", asked.getLocalPort()), LONG));
      proxy.setSoTimeout(50);
      assertThrows(SocketTimeoutException.class, proxy::accept);
    } finally {
      System.clearProperty("socksProxyHost");
      System.clearProperty("socksProxyPort");
      System.clearProperty("socksNonProxyHosts");
    }
  }

  @Test
  void whatTheHostsPolicyForbidsIsNotAsked() {
    HostRules rules =
        new HostRules() {
          @Override
          public Optional<String> againstLaunch(LaunchPlan plan) {
            return Optional.empty();
          }

          @Override
          public Optional<String> againstCommandLine(List<String> command, Optional<String> user) {
            return Optional.empty();
          }

          @Override
          public boolean allowsProbe(InetAddress address) {
            return false;
          }
        };
    assertEquals(
        new NotAsked("127.0.0.1 (expected: an address that the host's policy allows)"),
        new ProbeRunner(System::nanoTime, ProbedAddress.ofThisHost(), rules)
            .run(new Probe.Tcp("127.0.0.1", 1), LONG));
  }
}
