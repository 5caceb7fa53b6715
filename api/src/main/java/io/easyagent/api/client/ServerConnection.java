package io.easyagent.api.client;

import java.net.URI;
import java.util.Optional;

/**
 * Where the server is and who asks.
 *
 * @param server {@code https://HOST:PORT}, without a path
 * @param token the bearer token; without one only the open routes answer
 */
public record ServerConnection(URI server, ServerTrust trust, Optional<String> token) {
  private static final int MOST_PORT = 65_535;

  public ServerConnection {
    if (!"https".equals(server.getScheme()) || server.getHost() == null || !pathless(server)) {
      throw new IllegalArgumentException(
          "server: \"" + server + "\" (expected: https://HOST:PORT)");
    }
    if (server.getPort() == 0 || server.getPort() > MOST_PORT) {
      throw new IllegalArgumentException(
          "server: \"" + server + "\" (expected: a port of 1 to " + MOST_PORT + ")");
    }
    if (token.isPresent() && !token.get().matches("[!-~]{1,512}")) {
      throw new IllegalArgumentException("token: not printable ASCII (expected: ea_ and letters)");
    }
  }

  private static boolean pathless(URI server) {
    return (server.getPath().isEmpty() || server.getPath().equals("/"))
        && server.getQuery() == null
        && server.getFragment() == null
        && server.getUserInfo() == null;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "ServerConnection[" + server + "]";
  }
}
