package io.easyagent.server.fleet.api;

import static io.easyagent.server.transport.Route.Method.DELETE;
import static io.easyagent.server.transport.Route.Method.GET;
import static io.easyagent.server.transport.Route.Method.PATCH;
import static io.easyagent.server.transport.Route.Method.POST;

import io.easyagent.api.HostResolution;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.access.Role;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostDecisions;
import io.easyagent.server.fleet.HostQuery;
import io.easyagent.server.fleet.HostReference;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.LabelChange;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.fleet.SelectorParser;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import io.easyagent.server.transport.resource.HostResources;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code /hosts}. */
public final class HostRoutes {
  private final Scoped<Hosts> hosts;
  private final HostDecisions decisions;
  private final LatestMetrics metrics;
  private final HostCertificates certificates;
  private final Audit audit;

  public HostRoutes(
      Scoped<Hosts> hosts,
      HostDecisions decisions,
      LatestMetrics metrics,
      HostCertificates certificates,
      Audit audit) {
    this.hosts = hosts;
    this.decisions = decisions;
    this.metrics = metrics;
    this.certificates = certificates;
    this.audit = audit;
  }

  public List<Route> routes() {
    return List.of(
        Route.list("/hosts", Role.VIEWER, Set.of("selector", "name"), this::list).scoped(),
        Route.api(GET, "/hosts/{id}", Role.VIEWER, this::show).scoped(),
        Route.api(PATCH, "/hosts/{id}/labels", Role.OPERATOR, this::changeLabels),
        Route.api(POST, "/hosts/{id}/resolve", Role.ADMIN, this::resolve).scoped(),
        Route.api(POST, "/hosts/{id}/approve", Role.ADMIN, this::approve).scoped(),
        Route.api(DELETE, "/hosts/{id}", Role.ADMIN, this::remove).scoped());
  }

  private Answer list(Request request) {
    HostQuery query =
        new HostQuery(request.query("selector").map(SelectorParser::parse), request.query("name"));
    return Answer.ok(
        Pages.of(hosts.within(request.scope()).page(query, request.page()), this::resource));
  }

  private Answer show(Request request) {
    return Answer.ok(
        resource(HostReference.require(hosts.within(request.scope()), request.path("id"))));
  }

  private Answer changeLabels(Request request) {
    io.easyagent.api.LabelChange wanted = request.body(io.easyagent.api.LabelChange.class);
    LabelChange change = new LabelChange(wanted.set(), Set.copyOf(wanted.remove()));
    Hosts known = hosts.within(request.scope());
    Host host = HostReference.require(known, request.path("id"));
    AuditEntry.Act act = new AuditEntry.Act("host.label", subject(host) + " " + wanted, 1);
    return known
        .changeLabels(host.id(), change, audit.entry(Origins.of(request), act))
        .map(changed -> Answer.ok(resource(changed)))
        .orElseThrow(() -> gone(host));
  }

  private Answer resolve(Request request) {
    String keep = request.body(HostResolution.class).keep();
    Host host = HostReference.require(hosts.within(request.scope()), request.path("id"));
    AuditEntry.Act act =
        new AuditEntry.Act("host.resolve", subject(host) + ", keep " + HostText.word(keep), 1);
    return Answer.ok(
        resource(decisions.resolve(host.id(), keep, audit.entry(Origins.of(request), act))));
  }

  private Answer approve(Request request) {
    Host host = HostReference.require(hosts.within(request.scope()), request.path("id"));
    AuditEntry.Act act = new AuditEntry.Act("host.approve", subject(host), 1);
    return Answer.ok(resource(decisions.approve(host.id(), audit.entry(Origins.of(request), act))));
  }

  private Answer remove(Request request) {
    Hosts known = hosts.within(request.scope());
    Host host = HostReference.require(known, request.path("id"));
    AuditEntry.Act act = new AuditEntry.Act("host.remove", subject(host), 1);
    if (!known.remove(host.id(), audit.entry(Origins.of(request), act))) {
      throw gone(host);
    }
    metrics.forget(host.id());
    return Answer.empty();
  }

  private static RefusedException gone(Host host) {
    return new RefusedException(ErrorCode.NOT_FOUND, "there is no host " + host.id());
  }

  private static String subject(Host host) {
    return host.name() + " " + host.id();
  }

  /** Also what the server knows and the host may be too far away to say. */
  private List<String> conditions(Host host) {
    return certificates
        .concern(host.id())
        .map(concern -> Stream.concat(host.conditions().stream(), Stream.of(concern)).toList())
        .orElse(host.conditions());
  }

  private io.easyagent.api.Host resource(Host host) {
    return new io.easyagent.api.Host(
        host.id().value(),
        host.name(),
        HostResources.of(host.status()),
        host.statusSince(),
        new TreeMap<>(host.labels()),
        new TreeMap<>(host.facts()),
        host.sidecarVersion(),
        new io.easyagent.api.Host.AgentCounts(
            host.agents().total(), host.agents().asDesired(), host.status() == HostStatus.ONLINE),
        metrics.find(host.id()),
        conditions(host),
        host.copies().stream().map(HostRoutes::resource).toList(),
        host.ephemeral(),
        host.enrolledAt(),
        host.lastSeen(),
        certificates.expires(host.id()));
  }

  private static io.easyagent.api.Host.Copy resource(HostCopy copy) {
    return new io.easyagent.api.Host.Copy(
        copy.id(),
        switch (copy.standing()) {
          case CLAIMING -> io.easyagent.api.Host.Standing.claiming;
          case REFUSED -> io.easyagent.api.Host.Standing.refused;
        },
        copy.hostName(),
        copy.address(),
        copy.machineId(),
        copy.bootId(),
        copy.firstSeen(),
        copy.lastSeen());
  }
}
