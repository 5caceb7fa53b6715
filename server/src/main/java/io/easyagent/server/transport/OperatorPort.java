package io.easyagent.server.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.easyagent.api.Json;
import io.easyagent.definition.Shown;
import io.easyagent.server.access.OperatorToken;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.RateLimit;
import io.easyagent.server.access.ServerIdentity;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operators' port: HTTPS, one gate, the given routes and nothing else. */
public final class OperatorPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorPort.class);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final int MOST_HEADERS = 16 << 10;

  /** An attribute of each request: itself, as the connector has it. */
  private static final String REQUEST = "io.easyagent.request";

  private final Javalin javalin;
  private final RunningRequests running;
  private final SslContextFactory.Server tls;

  private OperatorPort(Javalin javalin, RunningRequests running, SslContextFactory.Server tls) {
    this.javalin = javalin;
    this.running = running;
    this.tls = tls;
  }

  /**
   * Listens when it returns.
   *
   * @param port 0: any free one
   * @param identity what the server proves itself with
   * @param limits of connections
   * @param nanoTime monotonic
   */
  public static OperatorPort open(
      String address,
      int port,
      ServerIdentity identity,
      OperatorTokens tokens,
      RateLimit failures,
      RequestTimings timings,
      ConnectionLimits limits,
      LongSupplier nanoTime,
      List<Route> routes) {
    Gate gate = new Gate(tokens, failures);
    RunningRequests running = new RunningRequests();
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context(identity));
    tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    tls.setSniRequired(false);
    Javalin javalin =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.startup.showOldJavalinVersionWarning = false;
          config.concurrency.useVirtualThreads = true;
          config.http.generateEtags = false;
          config.router.ignoreTrailingSlashes = false;
          config.jetty.addConnector(
              (server, http) -> connector(server, http, tls, address, port, limits, nanoTime));
          config.jetty.modifyServer(server -> server.setErrorHandler(new PlainErrors()));
          config.routes.before(context -> {
            SecurityHeaders.set(context.res());
            gate.admit(context);
          });
          routes.forEach(route ->
              add(
                  config,
                  route,
                  gate,
                  timings,
                  running,
                  body -> new PacedBody(body, limits, nanoTime)));
          exceptions(config);
        });
    javalin.start();
    return new OperatorPort(javalin, running, tls);
  }

  /** Connections from now on are shown this identity; those that are open stay as they are. */
  public void present(ServerIdentity identity) {
    try {
      tls.reload(factory -> factory.setSslContext(context(identity)));
    } catch (Exception failure) {
      throw new IllegalStateException("operators' port: TLS: " + failure.getMessage(), failure);
    }
  }

  /** In memory only. */
  private static SSLContext context(ServerIdentity identity) {
    try {
      char[] password = new char[0];
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, password);
      keys.setKeyEntry(
          "server", identity.key(), password, identity.chain().toArray(Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException failure) {
      throw new IllegalStateException("operators' port: TLS: " + failure.getMessage(), failure);
    }
  }

  private static ServerConnector connector(
      Server server,
      HttpConfiguration http,
      SslContextFactory.Server tls,
      String address,
      int port,
      ConnectionLimits limits,
      LongSupplier nanoTime) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(MOST_HEADERS);
    // Hosts and addresses of clients vary: the certificate says who the server is, not the name.
    http.addCustomizer(new SecureRequestCustomizer(false));
    http.addCustomizer((request, _) -> {
      request.setAttribute(REQUEST, request);
      return request;
    });
    ServerConnector connector =
        new ServerConnector(
            server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
    connector.setHost(address);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE.toMillis());
    connector.addBean(new NetworkConnectionLimit(limits.most(), connector));
    ConnectionGuard guard = new ConnectionGuard(limits, nanoTime);
    http.addCustomizer(guard);
    guard.watch(connector);
    return connector;
  }

  private static void add(
      JavalinConfig config,
      Route route,
      Gate gate,
      RequestTimings timings,
      RunningRequests running,
      UnaryOperator<InputStream> pace) {
    config.routes.addHttpHandler(
        type(route.method()),
        route.path(),
        context -> {
          Optional<OperatorToken> caller = gate.caller(context);
          gate.checkRights(route, caller);
          Request request = new Request(context, caller, pace);
          request.checkQuery(route);
          // Whether it stops is told to the last.
          if (route.role().isPresent()) {
            enter(running, context);
          }
          try (RequestTimings.Timing timing = timings.start(route)) {
            write(context, route.handler().handle(request), () -> gate.stillAdmits(caller));
            timing.status(context.statusCode());
          }
        });
  }

  /** Until its answer is written, which is after its handler has returned. */
  private static void enter(RunningRequests running, Context context) {
    var request =
        Objects.requireNonNull(
            (org.eclipse.jetty.server.Request) context.req().getAttribute(REQUEST));
    RunningRequests.Mark mark = running.enter();
    org.eclipse.jetty.server.Request.addCompletionListener(request, _ -> mark.close());
  }

  private static HandlerType type(Route.Method method) {
    return switch (method) {
      case GET -> HandlerType.GET;
      case POST -> HandlerType.POST;
      case PUT -> HandlerType.PUT;
      case PATCH -> HandlerType.PATCH;
      case DELETE -> HandlerType.DELETE;
    };
  }

  private static void write(Context context, Answer answer, BooleanSupplier admitted)
      throws IOException, InterruptedException {
    switch (answer) {
      case Answer.Json json -> {
        context.status(json.status());
        json(context, "application/json", json.body());
      }
      case Answer.Empty _ -> context.status(204);
      case Answer.Text text -> {
        context.status(text.status());
        context.contentType(text.contentType());
        context.result(text.body());
      }
      case Answer.Download download -> send(context, download);
      case Answer.Events events -> stream(context, events.source(), admitted);
    }
  }

  private static void send(Context context, Answer.Download download) {
    try (InputStream body = download.body()) {
      context.status(200);
      context.contentType(download.contentType());
      context.res().setContentLengthLong(download.size());
      body.transferTo(context.res().getOutputStream());
    } catch (IOException gone) {
      throw new Request.ClientGone(gone);
    }
  }

  private static void stream(Context context, Answer.Source source, BooleanSupplier admitted)
      throws InterruptedException {
    try {
      source.writeTo(new ServerSentEvents(context.res(), admitted));
    } catch (IOException gone) {
      throw new Request.ClientGone(gone);
    }
  }

  private static void json(Context context, String contentType, Object body)
      throws JsonProcessingException {
    context.contentType(contentType);
    context.result(Json.STRICT.writeValueAsBytes(body));
  }

  private static void exceptions(JavalinConfig config) {
    config.routes.exception(
        RefusedException.class, (refused, context) -> problem(context, refused.refusal()));
    config.routes.exception(
        Request.ClientGone.class,
        (gone, context) -> LOG.debug("client gone: {}", gone.getMessage()));
    config.routes.exception(
        HttpResponseException.class,
        (refused, context) -> problem(context, refusal(refused, context)));
    config.routes.exception(
        BadMessageException.class,
        (bad, context) ->
            problem(context, new Refusal(ErrorCode.BAD_REQUEST, "the request is broken")));
    config.routes.exception(
        Exception.class,
        (fault, context) -> {
          LOG.error("{} {} failed", context.method(), Shown.of(context.path()), fault);
          problem(context, new Refusal(ErrorCode.INTERNAL, "the server failed; its log says why"));
        });
  }

  private static Refusal refusal(HttpResponseException refused, Context context) {
    return switch (refused.getStatus()) {
      case 404 ->
          new Refusal(
              ErrorCode.NOT_FOUND,
              "there is no " + context.method() + " " + Shown.of(context.path()));
      case 413 -> new Refusal(ErrorCode.TOO_LARGE, "the body is too large");
      default -> new Refusal(ErrorCode.BAD_REQUEST, Shown.of(String.valueOf(refused.getMessage())));
    };
  }

  private static void problem(Context context, Refusal refusal) {
    if (context.res().isCommitted()) {
      return;
    }
    var problem = Problems.of(refusal);
    context.status(problem.status());
    if (context.res().getHeader(Header.RETRY_AFTER) == null) {
      Problems.retryAfter(refusal.code().kind())
          .ifPresent(wait -> context.header(Header.RETRY_AFTER, String.valueOf(wait.toSeconds())));
    }
    try {
      json(context, Problems.CONTENT_TYPE, problem);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a problem is always JSON", impossible);
    }
  }

  public int port() {
    return javalin.port();
  }

  /** Refuses new requests; what runs goes on, and health is still told. */
  public void stopIntake() {
    running.refuse();
  }

  /** Takes no new requests, lets what is under way end for at most that long, and ends it. */
  public void close(Duration patience) {
    running.refuse();
    int left = running.awaitNone(patience);
    if (left > 0) {
      LOG.warn("requests ended before they were done number={} after={}", left, patience);
    }
    javalin.stop();
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
