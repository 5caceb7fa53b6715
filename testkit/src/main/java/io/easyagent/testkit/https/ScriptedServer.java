package io.easyagent.testkit.https;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * An HTTPS server on a free port of the loopback address that answers as scripted, and keeps what
 * it received. A request without a script is answered 404 with a text that names it.
 */
public final class ScriptedServer implements AutoCloseable {
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, Function<Received, Answer>> scripts = new ConcurrentHashMap<>();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  private ScriptedServer(HttpsServer server) {
    this.server = server;
  }

  public static ScriptedServer start(SSLContext tls) {
    try {
      HttpsServer http =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.setHttpsConfigurator(new HttpsConfigurator(tls));
      ScriptedServer server = new ScriptedServer(http);
      http.setExecutor(server.threads);
      http.createContext("/", server::handle);
      http.start();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** {@code https://localhost:PORT}. */
  public URI address() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  /**
   * Answers a route one after another; the last answer is given again and again.
   *
   * @param route method and path without a query, for example {@code GET /hosts}
   */
  public ScriptedServer on(String route, Answer... answers) {
    AtomicInteger next = new AtomicInteger();
    return on(route, request -> answers[Math.min(next.getAndIncrement(), answers.length - 1)]);
  }

  /** Answers a route with what the function says. */
  public ScriptedServer on(String route, Function<Received, Answer> script) {
    scripts.put(route, script);
    return this;
  }

  /** All requests, in the order in which they came. */
  public List<Received> received() {
    return List.copyOf(received);
  }

  /** The requests of one route. */
  public List<Received> received(String route) {
    return received.stream()
        .filter(request -> route.equals(request.method() + " " + request.path()))
        .toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, List<String>> headers = new LinkedHashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
      Received request =
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      received.add(request);
      String route = request.method() + " " + request.path();
      Function<Received, Answer> script = scripts.get(route);
      answer(
          exchange,
          script == null ? Answer.json(404, "no script for " + route) : script.apply(request));
    }
  }

  private void answer(HttpExchange exchange, Answer answer) throws IOException {
    switch (answer) {
      case Answer.Whole(int status, Map<String, String> headers, String body) -> {
        headers.forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
      case Answer.Stream(String contentType, List<String> pieces, boolean open) -> {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        for (String piece : pieces) {
          body.write(piece.getBytes(StandardCharsets.UTF_8));
          body.flush();
        }
        if (open) {
          awaitClosing();
        }
      }
      case Answer.Broken() -> throw new IOException("broken as scripted");
    }
  }

  private void awaitClosing() throws IOException {
    try {
      closing.await();
    } catch (InterruptedException interrupt) {
      throw new IOException("closed", interrupt);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
