package io.easyagent.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the place is written that hosts dial: {@code NAME:PORT} or {@code [V6]:PORT}. */
final class HostAddress {
  private static final Pattern FORM =
      Pattern.compile("(?:[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):([0-9]{1,5})");
  private static final int MOST_PORT = 65_535;

  private HostAddress() {}

  /**
   * @throws IllegalArgumentException when it is none
   */
  static void require(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int port = Integer.parseInt(matcher.group(1));
      if (port >= 1 && port <= MOST_PORT) {
        return;
      }
    }
    throw new IllegalArgumentException(
        "announcedAddresses: " + text + " (expected: NAME:PORT or [V6]:PORT, port 1 to 65535)");
  }
}
