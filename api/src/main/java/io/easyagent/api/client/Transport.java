package io.easyagent.api.client;

import com.fasterxml.jackson.databind.JavaType;
import io.easyagent.api.Json;
import io.easyagent.api.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Sends requests and reads answers: at most {@value #TRIES} tries of what may be repeated, every
 * answer bounded in size and time.
 */
final class Transport implements AutoCloseable {
  private static final int TRIES = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
  private static final long ANSWER_LIMIT = 64L << 20;
  private static final long DOWNLOAD_LIMIT = 512L << 20;

  private final ServerConnection connection;
  private final PinnedTrustManager trustManager;
  private final HttpClient http;
  private final Pause pause;
  private volatile boolean closed;

  Transport(ServerConnection connection, Pause pause) {
    this.connection = connection;
    this.pause = pause;
    this.trustManager = new PinnedTrustManager(connection.trust());
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_PATIENCE)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .sslContext(sslContext(trustManager))
            .build();
  }

  Pause pause() {
    return pause;
  }

  Optional<ServerTrust.Authority> trustedAuthority() {
    return trustManager.found();
  }

  /** The body of a 2xx answer. */
  byte[] send(Request request) {
    Duration wait = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == TRIES || !request.repeatable();
      try {
        HttpResponse<byte[]> response =
            exchange(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_LIMIT));
        if (response.statusCode() / 100 == 2) {
          return response.body();
        }
        Problem problem = Problems.read(response);
        if (last || !problem.retryable() || problem.status() < 429) {
          throw new ProblemException(problem);
        }
        wait = Problems.retryAfter(response).orElse(wait);
      } catch (ConnectionException failure) {
        if (last || failure.reason() != ConnectionException.Reason.unreachable) {
          throw failure;
        }
      }
      rest(wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait);
      wait = wait.multipliedBy(4);
    }
  }

  /** Writes the body of a 200 answer to the file, over what it holds; bounded like every answer. */
  void download(Request request, Path file) throws IOException {
    HttpResponse<Path> response =
        exchange(
            request,
            BodyHandlers.limiting(
                info ->
                    info.statusCode() == 200
                        ? BodySubscribers.ofFile(file)
                        : BodySubscribers.replacing(file),
                DOWNLOAD_LIMIT));
    if (response.statusCode() != 200) {
      throw new ProblemException(Problems.read(response.statusCode(), ""));
    }
  }

  /** Opens a stream of server-sent events; the answer is checked, its body is still to come. */
  Publisher<List<ByteBuffer>> open(Request request) {
    HttpResponse<Publisher<List<ByteBuffer>>> response =
        exchange(request, BodyHandlers.ofPublisher());
    if (response.statusCode() != 200) {
      byte[] body = ByteStream.readAll(response.body(), Problems.LIMIT);
      throw new ProblemException(
          Problems.read(response.statusCode(), new String(body, StandardCharsets.UTF_8)));
    }
    return response.body();
  }

  private <T> HttpResponse<T> exchange(Request request, BodyHandler<T> handler) {
    CompletableFuture<HttpResponse<T>> answer = http.sendAsync(built(request), handler);
    try {
      return answer.get(request.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      throw ConnectionFailures.explain(connection.server(), cause == null ? failure : cause);
    } catch (TimeoutException timeout) {
      answer.cancel(true);
      throw new ConnectionException(
          ConnectionException.Reason.unreachable,
          connection.server() + ": no answer within " + request.patience().toSeconds() + " s",
          timeout);
    } catch (InterruptedException interrupt) {
      answer.cancel(true);
      throw interrupted(interrupt);
    }
  }

  private HttpRequest built(Request request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(origin() + request.target()))
            .method(request.method(), request.body().get())
            .header("Accept", "application/json, application/problem+json, text/event-stream")
            .header("User-Agent", "easyagent-client");
    request.headers().forEach(builder::header);
    connection.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    return builder.build();
  }

  private String origin() {
    String text = connection.server().toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private void rest(Duration duration) {
    try {
      pause.upTo(duration);
    } catch (InterruptedException interrupt) {
      throw interrupted(interrupt);
    }
  }

  private ConnectionException interrupted(InterruptedException interrupt) {
    Thread.currentThread().interrupt();
    return new ConnectionException(
        ConnectionException.Reason.interrupted, connection.server() + ": interrupted", interrupt);
  }

  /** Reads an answer's body as a value. */
  static <T> T decode(byte[] body, JavaType type) {
    try {
      T value = Json.LENIENT.readValue(body, type);
      if (value == null) {
        throw new UnexpectedAnswerException("the server's answer is null (expected: " + type + ")");
      }
      return value;
    } catch (IOException broken) {
      throw new UnexpectedAnswerException(
          "the server's answer is not what this client understands: " + firstLine(broken), broken);
    }
  }

  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private static SSLContext sslContext(TrustManager trustManager) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trustManager}, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has TLS", impossible);
    }
  }

  boolean closed() {
    return closed;
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    closed = true;
    http.shutdownNow();
  }
}
