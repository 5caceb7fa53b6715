package io.easyagent.acceptance.secrets;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.easyagent.api.Agent;
import io.easyagent.api.Batch;
import io.easyagent.api.Host;
import io.easyagent.api.Json;
import io.easyagent.api.Operation;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.EventQuery;
import io.easyagent.api.client.HostQuery;
import java.util.Optional;

/** Everything that the REST API answers to an admin. */
final class Answers {
  private Answers() {}

  static void look(EasyAgentClient client, Findings findings) {
    answer(findings, "version", client.version());
    answer(findings, "whoami", client.whoami());
    for (Host host : client.hosts(HostQuery.all())) {
      answer(findings, "a host", host);
      answer(findings, "a host", client.host(host.id().toString()));
    }
    for (Agent agent : client.agents(AgentQuery.all())) {
      answer(findings, "an agent", agent);
      answer(findings, "an agent", client.agent(agent.id()));
    }
    for (Batch batch : client.batches()) {
      answer(findings, "a batch", batch);
      for (Operation operation : client.operationsOf(batch.id().toString(), Optional.empty())) {
        answer(findings, "an operation", client.operation(operation.id().toString()));
      }
    }
    client.packages(Optional.empty()).forEach(each -> answer(findings, "a package", each));
    client.enrollTokens().forEach(each -> answer(findings, "an enrolment token", each));
    client.tokens().forEach(each -> answer(findings, "a token", each));
    client.secrets().forEach(each -> answer(findings, "a secret", each));
    client.events(EventQuery.all()).forEach(each -> answer(findings, "an event", each));
    client.audit().forEach(each -> answer(findings, "the audit log", each));
  }

  private static void answer(Findings findings, String what, Object value) {
    try {
      findings.text("REST: " + what, Json.STRICT.writeValueAsString(value));
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
