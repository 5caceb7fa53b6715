package io.easyagent.server.telemetry.api;

import static io.easyagent.server.transport.Route.Method.GET;

import io.easyagent.api.Version;
import io.easyagent.server.access.Role;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Whether the server lives and is ready, what it is and what it measures. */
public final class HealthRoutes {
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<List<String>> obstacles;
  private final Supplier<List<String>> warnings;
  private final ServerMeters meters;
  private final Supplier<Version> version;
  private final String openApi;

  /**
   * @param obstacles why the server is not ready; empty when it is
   * @param warnings what an operator should look at though it is ready
   */
  public HealthRoutes(
      Supplier<List<String>> obstacles,
      Supplier<List<String>> warnings,
      ServerMeters meters,
      Supplier<Version> version) {
    this.obstacles = obstacles;
    this.warnings = warnings;
    this.meters = meters;
    this.version = version;
    this.openApi = readOpenApi();
  }

  public List<Route> routes() {
    return List.of(
        open("/healthz", _ -> new Answer.Text(200, PLAIN, "ok\n")),
        open("/readyz", this::ready),
        open("/openapi.yaml", _ -> new Answer.Text(200, "application/yaml", openApi)),
        new Route(
            GET,
            "/metrics",
            Optional.of(Role.VIEWER),
            Set.of(),
            _ -> new Answer.Text(200, PROMETHEUS, meters.scrape())),
        Route.api(GET, "/version", Role.VIEWER, _ -> Answer.ok(version.get())).scoped());
  }

  private static Route open(String path, Route.Handler handler) {
    return new Route(GET, path, Optional.empty(), Set.of(), handler);
  }

  /** Says only that there is something: what it is is for the log, this route is open. */
  private Answer ready(Request request) {
    if (!obstacles.get().isEmpty()) {
      return new Answer.Text(503, PLAIN, "not ready\n");
    }
    int count = warnings.get().size();
    return new Answer.Text(
        200,
        PLAIN,
        count == 0 ? "ready\n" : "ready\nwarnings: " + count + " (easyagent server status)\n");
  }

  private static String readOpenApi() {
    try (InputStream stream = HealthRoutes.class.getResourceAsStream("/openapi.yaml")) {
      if (stream == null) {
        throw new IllegalStateException("openapi.yaml is missing among the server's resources");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
