package io.easyagent.server;

import io.easyagent.api.Version;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.Authorities;
import io.easyagent.server.access.EnrollTokens;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.api.AuditRoutes;
import io.easyagent.server.access.api.AuthorityRoutes;
import io.easyagent.server.access.api.EnrollTokenRoutes;
import io.easyagent.server.access.api.TokenRoutes;
import io.easyagent.server.agent.Agents;
import io.easyagent.server.agent.DefinitionResolver;
import io.easyagent.server.agent.api.AgentRoutes;
import io.easyagent.server.apply.api.ApplyRoutes;
import io.easyagent.server.artifact.PackageRepository;
import io.easyagent.server.artifact.SidecarDistributions;
import io.easyagent.server.artifact.api.PackageRoutes;
import io.easyagent.server.fleet.HostDecisions;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.fleet.api.HostRoutes;
import io.easyagent.server.log.LogStreams;
import io.easyagent.server.log.api.LogRoutes;
import io.easyagent.server.onboarding.SidecarArchives;
import io.easyagent.server.onboarding.api.InstallRoutes;
import io.easyagent.server.operation.KeptFor;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.operation.api.BatchRoutes;
import io.easyagent.server.operation.api.OperationRoutes;
import io.easyagent.server.secret.SecretVault;
import io.easyagent.server.secret.api.SecretRoutes;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.telemetry.api.EventRoutes;
import io.easyagent.server.telemetry.api.HealthRoutes;
import io.easyagent.server.telemetry.api.ServerMeters;
import io.easyagent.server.transport.Route;
import io.easyagent.server.transport.Watchers;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every route of the operators' port, with the role that each needs, in one list. */
final class OperatorApi {
  private OperatorApi() {}

  /**
   * What the routes stand on.
   *
   * @param obstacles why the server is not ready; empty when it is
   * @param warnings what an operator should look at
   * @param kept how long operations are
   * @param hostPort address and port that hosts connect to
   * @param operatorUrl of the port that the routes are on
   */
  record Parts(
      Scoped<Hosts> hosts,
      HostDecisions decisions,
      Scoped<Agents> agents,
      Scoped<Operations> operations,
      KeptFor kept,
      ServerLimits limits,
      PackageRepository packages,
      EnrollTokens enrollTokens,
      OperatorTokens operatorTokens,
      SecretVault secrets,
      Audit audit,
      History history,
      LatestMetrics metrics,
      ServerMeters meters,
      Watchers watchers,
      LogStreams logs,
      Supplier<List<String>> obstacles,
      Supplier<List<String>> warnings,
      Supplier<Version> version,
      Authorities authorities,
      HostCertificates certificates,
      String hostPort,
      Supplier<String> operatorUrl,
      SidecarArchives archives) {}

  static List<Route> routes(Parts parts) {
    DefinitionResolver definitions = new DefinitionResolver(parts.packages(), parts.secrets());
    return Stream.of(
            new HostRoutes(
                    parts.hosts(),
                    parts.decisions(),
                    parts.metrics(),
                    parts.certificates(),
                    parts.audit())
                .routes(),
            new AgentRoutes(parts.agents(), parts.hosts(), parts.metrics()).routes(),
            new LogRoutes(
                    parts.logs(),
                    parts.agents(),
                    parts.hosts(),
                    parts.audit(),
                    SystemTime.wallClock(),
                    SystemTime.nanoTime())
                .routes(),
            new BatchRoutes(
                    parts.operations(),
                    parts.hosts(),
                    parts.agents(),
                    definitions,
                    new SidecarDistributions(parts.packages()),
                    parts.audit(),
                    parts.watchers(),
                    parts.kept(),
                    parts.limits().batchHosts())
                .routes(),
            new OperationRoutes(
                    parts.operations(), parts.hosts(), parts.agents(), parts.audit(), parts.kept())
                .routes(),
            new ApplyRoutes(
                    parts.operations(),
                    parts.hosts(),
                    parts.agents(),
                    definitions,
                    parts.audit(),
                    parts.limits().batchHosts())
                .routes(),
            new PackageRoutes(parts.packages()).routes(),
            new EnrollTokenRoutes(
                    parts.enrollTokens(),
                    parts.audit(),
                    parts.authorities()::pinnedFingerprint,
                    parts.hostPort(),
                    parts.operatorUrl(),
                    parts.archives())
                .routes(),
            new InstallRoutes(parts.archives(), SystemTime.nanoTime()).routes(),
            new TokenRoutes(parts.operatorTokens()).routes(),
            new SecretRoutes(parts.secrets()).routes(),
            new AuditRoutes(parts.audit()).routes(),
            new AuthorityRoutes(parts.authorities(), parts.certificates(), parts.audit()).routes(),
            new EventRoutes(parts.history(), parts.hosts(), parts.watchers()).routes(),
            new HealthRoutes(parts.obstacles(), parts.warnings(), parts.meters(), parts.version())
                .routes())
        .flatMap(List::stream)
        .toList();
  }
}
