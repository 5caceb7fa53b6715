package io.easyagent.cli.session;

import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationException;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Documents;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** What a command works with. */
public final class Session {
  private final Console console;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Map<String, String> environment;
  private final Path home;
  private final Interrupts interrupts;
  private final Function<ServerConnection, EasyAgentClient> connector;
  private final GlobalOptions options = new GlobalOptions();

  /**
   * @param nanoTime monotonic
   * @param home the user's folder
   */
  public Session(
      Console console,
      Clock clock,
      LongSupplier nanoTime,
      Map<String, String> environment,
      Path home,
      Interrupts interrupts,
      Function<ServerConnection, EasyAgentClient> connector) {
    this.console = console;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.environment = environment;
    this.home = home;
    this.interrupts = interrupts;
    this.connector = connector;
  }

  public Console console() {
    return console;
  }

  public GlobalOptions options() {
    return options;
  }

  /** The user's folder. */
  public Path home() {
    return home;
  }

  public Instant now() {
    return clock.instant();
  }

  public ZoneId zone() {
    return clock.getZone();
  }

  /** Monotonic nanoseconds. */
  public long nanoTime() {
    return nanoTime.getAsLong();
  }

  public Interrupts interrupts() {
    return interrupts;
  }

  public ConfigurationFile configurationFile() {
    return ConfigurationFile.locate(options.config(), environment, home);
  }

  /**
   * A client of the server that the configuration names; the caller closes it.
   *
   * @throws ConfigurationException when there is none to use
   */
  public EasyAgentClient connect() {
    ConfigurationFile file = configurationFile();
    Configuration configuration = file.read();
    try {
      return connect(configuration.connection());
    } catch (IllegalArgumentException broken) {
      throw new CommandException(
          ExitStatus.USAGE,
          file.path() + ": " + broken.getMessage(),
          "correct it, or log in anew: easyagent login");
    }
  }

  public EasyAgentClient connect(ServerConnection connection) {
    return connector.apply(connection);
  }

  /** Writes a result: the resource for programs, or what the action prints for people. */
  public void show(Object resource, Runnable forPeople) {
    switch (options.output()) {
      case table -> forPeople.run();
      case json -> console.printText(Documents.json(resource));
      case yaml -> console.printText(Documents.yaml(resource));
    }
  }
}
