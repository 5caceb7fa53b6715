package io.easyagent.sidecar.session;

import io.easyagent.sidecar.local.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where servers are looked for: first where a server of this fleet has announced, so that it can
 * move, then where the host was told to. Announced ones are kept in the file {@code
 * server-addresses} of the data folder, with the fleet that they are of. Nothing is believed of
 * whoever answers there but what its certificate proves. Thread-safe.
 */
public final class ServerAddresses {
  private static final Logger log = Logger.getLogger(ServerAddresses.class.getName());

  /** More would only make a host slow to come back. */
  static final int MOST_ANNOUNCED = 8;

  private static final int LONGEST = 300;

  private final Path file;
  private final String fleet;
  private final List<ServerAddress> given;
  private volatile List<ServerAddress> announced;

  private ServerAddresses(
      Path file, String fleet, List<ServerAddress> given, List<ServerAddress> announced) {
    this.file = file;
    this.fleet = fleet;
    this.given = List.copyOf(given);
    this.announced = announced;
  }

  /**
   * With what servers of this fleet announced before; what cannot be read of it is left out.
   *
   * @param given by the configuration or the enrolment, at least one
   */
  public static ServerAddresses open(Path data, String fleet, List<ServerAddress> given) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException("server addresses: none (expected: at least one)");
    }
    Path file = data.resolve("server-addresses");
    List<ServerAddress> announced = List.of();
    try {
      if (Files.size(file) <= (long) (1 + MOST_ANNOUNCED) * LONGEST) {
        List<String> lines = Files.readAllLines(file);
        if (!lines.isEmpty() && lines.getFirst().equals(fleet)) {
          announced = readable(lines.subList(1, lines.size()));
        }
      }
    } catch (NoSuchFileException none) {
      log.fine("no server was announced");
    } catch (IOException unreadable) {
      log.log(Level.WARNING, "announced servers are left out", unreadable);
    }
    return new ServerAddresses(file, fleet, given, announced);
  }

  /** In the order in which they are tried; at least one. */
  List<ServerAddress> all() {
    Set<ServerAddress> all = new LinkedHashSet<>(announced);
    all.addAll(given);
    return List.copyOf(all);
  }

  /**
   * A server of this fleet says where it will be found. None means that there is nothing new: what
   * it said before holds.
   */
  void learn(List<String> addresses) {
    List<ServerAddress> readable = readable(addresses);
    if (readable.isEmpty() || readable.equals(announced)) {
      return;
    }
    announced = readable;
    log.info("servers are announced at " + readable);
    try {
      keep(readable);
    } catch (IOException unwritable) {
      // It is announced in every session.
      log.log(Level.WARNING, "announced servers are known until this sidecar ends", unwritable);
    }
  }

  private static List<ServerAddress> readable(List<String> texts) {
    List<ServerAddress> addresses = new ArrayList<>();
    for (String text : texts.stream().limit(MOST_ANNOUNCED).toList()) {
      try {
        if (text.length() <= LONGEST) {
          addresses.add(ServerAddress.parse(text));
        }
      } catch (IllegalArgumentException malformed) {
        log.warning("an announced server is left out: it is not HOST:PORT");
      }
    }
    return List.copyOf(addresses);
  }

  private void keep(List<ServerAddress> addresses) throws IOException {
    StringBuilder text = new StringBuilder(fleet).append('\n');
    addresses.forEach(address -> text.append(address).append('\n'));
    PrivateFile.replace(file, text.toString());
  }
}
