package io.easyagent.server.transport;

import io.easyagent.server.access.Role;
import java.util.Optional;
import java.util.Set;

/**
 * One method of one path.
 *
 * @param path segments in braces are parameters
 * @param role that a caller needs at least; empty: open to everybody
 * @param query the parameters that the query may have
 * @param withinScope shows and changes only what is within the caller's scope; else the route is
 *     about the whole fleet and closed to callers for some hosts only
 */
public record Route(
    Method method,
    String path,
    Optional<Role> role,
    Set<String> query,
    boolean withinScope,
    Handler handler) {
  /** Where the API lives. */
  public static final String API = "/api/v2";

  public Route {
    query = Set.copyOf(query);
  }

  /** A route about the whole fleet. */
  public Route(
      Method method, String path, Optional<Role> role, Set<String> query, Handler handler) {
    this(method, path, role, query, false, handler);
  }

  public enum Method {
    GET,
    POST,
    PUT,
    PATCH,
    DELETE
  }

  /** What a route does, on the request's own virtual thread. */
  public interface Handler {
    Answer handle(Request request);
  }

  /** A route of the API. */
  public static Route api(Method method, String path, Role role, Handler handler) {
    return new Route(method, API + path, Optional.of(role), Set.of(), handler);
  }

  /** A list of the API: its query takes {@code limit}, {@code cursor} and the given filters. */
  public static Route list(String path, Role role, Set<String> filters, Handler handler) {
    Route route = api(Method.GET, path, role, handler).withQuery(Request.PAGING);
    return route.withQuery(filters);
  }

  public Route withQuery(Set<String> more) {
    Set<String> all = new java.util.HashSet<>(query);
    all.addAll(more);
    return new Route(method, path, role, all, withinScope, handler);
  }

  /** The route, of which every part asks what it uses for the request's scope. */
  public Route scoped() {
    return new Route(method, path, role, query, true, handler);
  }
}
