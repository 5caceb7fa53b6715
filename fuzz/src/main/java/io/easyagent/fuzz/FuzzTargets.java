package io.easyagent.fuzz;

import io.easyagent.api.client.AnswerTarget;
import io.easyagent.cron.CronTarget;
import io.easyagent.server.ServerConfigTarget;
import io.easyagent.server.access.CertificateRequestTarget;
import io.easyagent.server.agent.definition.DefinitionTarget;
import io.easyagent.server.fleet.SelectorTarget;
import io.easyagent.server.session.rpc.ReportTarget;
import io.easyagent.server.transport.RestBodyTarget;
import io.easyagent.sidecar.config.SidecarConfigTarget;
import io.easyagent.sidecar.journal.store.JournalFileTarget;
import io.easyagent.sidecar.journal.store.JournalFormTarget;
import io.easyagent.sidecar.linux.ProcessTextTarget;
import io.easyagent.sidecar.metrics.HostTextTarget;
import io.easyagent.sidecar.policy.PolicyTarget;
import io.easyagent.sidecar.prepare.ArchiveTarget;
import io.easyagent.sidecar.prepare.TemplateTarget;
import io.easyagent.sidecar.supervise.LaunchRecordTarget;
import io.easyagent.sidecar.wire.CommandTarget;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Every target, by the name that {@code ./dev fuzz} takes. */
public final class FuzzTargets {
  public static final Map<String, Supplier<FuzzTarget>> ALL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("answer", AnswerTarget::new),
              Map.entry("archive", ArchiveTarget::new),
              Map.entry("certificate-request", CertificateRequestTarget::new),
              Map.entry("command", CommandTarget::new),
              Map.entry("cron", CronTarget::new),
              Map.entry("definition", DefinitionTarget::new),
              Map.entry("journal-file", JournalFileTarget::new),
              Map.entry("journal-form", JournalFormTarget::new),
              Map.entry("launch-record", LaunchRecordTarget::new),
              Map.entry("policy", PolicyTarget::new),
              Map.entry("proc-host", HostTextTarget::new),
              Map.entry("proc-process", ProcessTextTarget::new),
              Map.entry("report", ReportTarget::new),
              Map.entry("rest-body", RestBodyTarget::new),
              Map.entry("selector", SelectorTarget::new),
              Map.entry("server-config", ServerConfigTarget::new),
              Map.entry("sidecar-config", SidecarConfigTarget::new),
              Map.entry("template", TemplateTarget::new)));

  private FuzzTargets() {}

  /**
   * @param name of a target, or the class of one that is not in the list
   */
  static FuzzTarget require(String name) throws ReflectiveOperationException {
    Supplier<FuzzTarget> listed = ALL.get(name);
    if (listed != null) {
      return listed.get();
    }
    return (FuzzTarget) Class.forName(name).getDeclaredConstructor().newInstance();
  }
}
