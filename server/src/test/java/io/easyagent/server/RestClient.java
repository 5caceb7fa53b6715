package io.easyagent.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks the server, and holds every answer against the document. */
final class RestClient implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Operations that were answered well, as {@code GET /healthz}. */
  final Set<String> answered = ConcurrentHashMap.newKeySet();

  private final RestServer server;
  private final OpenApi openApi;
  private final HttpClient http;

  RestClient(RestServer server, OpenApi openApi) {
    this.server = server;
    this.openApi = openApi;
    this.http =
        HttpClient.newBuilder()
            .sslContext(server.clientTls)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  record Reply(int status, JsonNode body, String text, HttpResponse<String> response) {
    String code() {
      return body.path("code").asText();
    }

    String detail() {
      return body.path("detail").asText();
    }
  }

  Reply get(String path) throws Exception {
    return send("GET", path, BodyPublishers.noBody(), server.adminToken);
  }

  Reply get(String path, String token) throws Exception {
    return send("GET", path, BodyPublishers.noBody(), token);
  }

  Reply delete(String path) throws Exception {
    return send("DELETE", path, BodyPublishers.noBody(), server.adminToken);
  }

  Reply post(String path, String body, String... headers) throws Exception {
    return send("POST", path, BodyPublishers.ofString(body), server.adminToken, headers);
  }

  Reply send(String method, String path, BodyPublisher body, String token, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    check(method, path, response.statusCode(), response);
    String type = response.headers().firstValue("Content-Type").orElse("");
    JsonNode json =
        type.contains("json") ? MAPPER.readTree(response.body()) : MAPPER.createObjectNode();
    return new Reply(response.statusCode(), json, response.body(), response);
  }

  private void check(String method, String path, int status, HttpResponse<String> response)
      throws IOException {
    String type = response.headers().firstValue("Content-Type").orElse("");
    String operation = openApi.operation(method, path);
    if (operation.isEmpty()) {
      openApi.checkBody("#/components/schemas/Problem", response.body(), method + " " + path);
      return;
    }
    openApi.check(operation, status, type, response.body());
    if (status < 300) {
      answered.add(operation);
    }
  }

  /** Opens a stream of events; the caller reads and closes it. */
  InputStream stream(String path, String... headers) throws Exception {
    return streamAs(server.adminToken, path, headers);
  }

  InputStream streamAs(String token, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path)).header("Authorization", "Bearer " + token).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new AssertionError(
          response.statusCode() + " " + new String(response.body().readAllBytes()));
    }
    String operation = openApi.operation("GET", path);
    openApi.check(operation, 200, response.headers().firstValue("Content-Type").orElse(""), "");
    answered.add(operation);
    return response.body();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
