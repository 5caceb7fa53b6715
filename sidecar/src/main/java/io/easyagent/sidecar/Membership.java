package io.easyagent.sidecar;

import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.SecretSource;
import io.easyagent.sidecar.session.Channels;
import io.easyagent.sidecar.session.Link;
import io.easyagent.sidecar.session.RenewalRule;
import io.easyagent.sidecar.session.ServerAddress;
import io.easyagent.sidecar.session.ServerAddresses;
import io.easyagent.sidecar.session.ServerLink;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;

/**
 * The host's place in a fleet, with what it has of the server; or none of it, on a host that was
 * never enrolled.
 */
record Membership(Optional<Identity> identity, Optional<ServerLink> servers) {
  private static final String NONE = "none: this host was never enrolled";

  static Membership of(
      Optional<Identity> identity,
      IdentityFolder identities,
      Configuration configuration,
      HostFacts facts,
      Clock clock)
      throws IOException {
    if (identity.isEmpty()) {
      return new Membership(identity, Optional.empty());
    }
    Identity own = identity.get();
    return new Membership(
        identity,
        Optional.of(
            new ServerLink(
                Channels.USUAL,
                new CurrentIdentity(identities, own, clock),
                ServerAddresses.open(
                    configuration.data(), own.fleetId(), addresses(configuration, own)),
                facts,
                clock,
                SystemTime::random,
                configuration.reconnect(),
                RenewalRule.USUAL)));
  }

  Optional<UUID> hostId() {
    return identity.map(Identity::hostId);
  }

  Artifacts artifacts() {
    return servers.map(ServerLink::artifacts).orElse(Artifacts.NONE);
  }

  SecretSource secrets() {
    return servers.map(ServerLink::secrets).orElse(SecretSource.NONE);
  }

  /** See {@link ServerLink#openSession}. */
  OptionalLong openSession() {
    return servers.map(ServerLink::openSession).orElse(OptionalLong.empty());
  }

  /** What an operator should know about the host's certificate. */
  Optional<String> condition() {
    return servers.flatMap(server -> server.renewal().condition());
  }

  /** See {@link io.easyagent.sidecar.session.Departure#leave}. */
  boolean leave() {
    return servers.isPresent() && servers.get().departure().leave();
  }

  String hostText() {
    return hostId().map(UUID::toString).orElse("-");
  }

  String linkText(Optional<Link> link) {
    return link.map(open -> open.state().text()).orElse(NONE);
  }

  String certificateText() {
    return servers.map(server -> server.renewal().text()).orElse("none");
  }

  /** Of whom the log speaks. */
  String ownerText() {
    return identity.map(Identity::toString).orElse("a host that was never enrolled");
  }

  /** The link that is made, where there is a server. */
  Optional<Link> link(Function<ServerLink, Link> made) {
    return servers.map(made);
  }

  private static List<ServerAddress> addresses(Configuration configuration, Identity identity) {
    return configuration.serverAddresses().isEmpty()
        ? identity.serverAddresses().stream().map(ServerAddress::parse).toList()
        : configuration.serverAddresses();
  }
}
