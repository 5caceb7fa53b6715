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
  private final ServerMeters meters;
  private final Supplier<Version> version;
  private final String openApi;

  /**
   * @param obstacles why the server is not ready; empty when it is
   */
  public HealthRoutes(
      Supplier<List<String>> obstacles, ServerMeters meters, Supplier<Version> version) {
    this.obstacles = obstacles;
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

  /** Says only that it is not ready: why is for the log, this route is open. */
  private Answer ready(Request request) {
    return obstacles.get().isEmpty()
        ? new Answer.Text(200, PLAIN, "ready\n")
        : new Answer.Text(503, PLAIN, "not ready\n");
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
