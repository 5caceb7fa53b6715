package io.easyagent.server.artifact.api;

import static io.easyagent.server.transport.Route.Method.DELETE;
import static io.easyagent.server.transport.Route.Method.PUT;

import io.easyagent.definition.Shown;
import io.easyagent.server.access.Role;
import io.easyagent.server.artifact.PackageRepository;
import io.easyagent.server.artifact.PackageVersion;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /packages}. */
public final class PackageRoutes {
  private static final Pattern DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/]{43}=):");

  private static final String SIGNATURE = "Package-Signature";

  private final PackageRepository packages;

  public PackageRoutes(PackageRepository packages) {
    this.packages = packages;
  }

  public List<Route> routes() {
    return List.of(
        Route.list("/packages", Role.VIEWER, Set.of("name"), this::list).scoped(),
        Route.api(PUT, "/packages/{name}/{version}", Role.OPERATOR, this::push),
        Route.api(DELETE, "/packages/{name}/{version}", Role.OPERATOR, this::delete));
  }

  private Answer list(Request request) {
    return Answer.ok(
        Pages.of(packages.page(request.query("name"), request.page()), PackageRoutes::resource));
  }

  private Answer push(Request request) {
    try {
      PackageRepository.Pushed pushed =
          packages.push(
              request.path("name"),
              request.path("version"),
              request.header("Content-Digest").map(PackageRoutes::sha256),
              request.header(SIGNATURE).map(PackageRoutes::signature),
              request.bodyStream(),
              Origins.of(request));
      return new Answer.Json(pushed.created() ? 201 : 200, resource(pushed.version()));
    } catch (RefusedException refused) {
      request.discardBody(PackageRepository.USUAL_MOST_BYTES);
      throw refused;
    }
  }

  /** RFC 9530; only SHA-256 is understood. */
  private static String sha256(String header) {
    Matcher matcher = DIGEST.matcher(header);
    if (!matcher.matches()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "Content-Digest: " + Shown.of(header) + " (expected: sha-256=:BASE64:)");
    }
    return HexFormat.of().formatHex(Base64.getDecoder().decode(matcher.group(1)));
  }

  private static String signature(String header) {
    try {
      byte[] signature = Base64.getDecoder().decode(header);
      if (signature.length == PackageVersion.SIGNATURE_BYTES) {
        return HexFormat.of().formatHex(signature);
      }
    } catch (IllegalArgumentException malformed) {
      // Told below, with what was expected.
    }
    throw new RefusedException(
        ErrorCode.BAD_REQUEST,
        SIGNATURE
            + ": "
            + Shown.of(header)
            + " (expected: the "
            + PackageVersion.SIGNATURE_BYTES
            + " bytes of an Ed25519 signature in Base64)");
  }

  private Answer delete(Request request) {
    String name = request.path("name");
    String version = request.path("version");
    if (!packages.delete(name, version, Origins.of(request))) {
      throw new RefusedException(
          ErrorCode.NOT_FOUND, "there is no package " + Shown.of(name + "@" + version));
    }
    return Answer.empty();
  }

  private static io.easyagent.api.PackageVersion resource(PackageVersion version) {
    return new io.easyagent.api.PackageVersion(
        version.name(),
        version.version(),
        version.sha256(),
        version.size(),
        version.pushedAt(),
        version.pushedBy(),
        version
            .signature()
            .map(hexadecimal ->
                Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hexadecimal))));
  }
}
