package io.easyagent.cli.config;

import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import java.net.URI;
import java.util.Optional;

/**
 * What the configuration file says.
 *
 * @param ca the CA's certificates, PEM
 */
public record Configuration(URI server, String ca, String token) {
  /**
   * @throws IllegalArgumentException for an address, certificate or token that cannot be one
   */
  public ServerConnection connection() {
    return new ServerConnection(server, ServerTrust.Authority.parse(ca), Optional.of(token));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Configuration[" + server + "]";
  }
}
