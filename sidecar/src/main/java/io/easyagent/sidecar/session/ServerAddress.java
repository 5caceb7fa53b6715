package io.easyagent.sidecar.session;

/** Where a server listens for hosts. */
public record ServerAddress(String host, int port) {

  /**
   * Reads {@code HOST:PORT}, {@code [V6]:PORT}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ServerAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0) {
      String host = text.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.indexOf(':') >= 0) {
        throw malformed(text);
      }
      try {
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 0 && port < 65_536 && !host.isEmpty()) {
          return new ServerAddress(host, port);
        }
      } catch (NumberFormatException notNumber) {
        throw malformed(text);
      }
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "server address: " + text + " (expected: HOST:PORT, port 1 to 65535)");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
