package io.easyagent.benchmarks.sidecar;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.Commands;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Host;
import io.easyagent.api.Operation;
import io.easyagent.api.Targets;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.HostQuery;
import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Installs agents on the one host as people do: through the server. */
final class Operator {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Targets ALL =
      new Targets(Optional.empty(), Optional.empty(), Optional.of(true));

  private final EasyAgentClient client;

  Operator(EasyAgentClient client) {
    this.client = client;
  }

  EnrollToken createToken() {
    return client.createEnrollToken(
        new EnrollTokenRequest(
            Optional.empty(), Optional.of(1), Optional.of("24h"), Optional.empty()));
  }

  void awaitOnline() throws Exception {
    Waiting.until(
        "the host online",
        PATIENCE,
        LOOK,
        () ->
            client.hosts(HostQuery.all()).page(1, Optional.empty()).items().stream()
                .anyMatch(host -> host.status() == Host.Status.online));
  }

  /** An agent, as it is given to {@link #install}. */
  static String definition(String name, String user, List<String> command) {
    ObjectNode definition = MAPPER.createObjectNode();
    definition.put("name", name).put("user", user);
    command.forEach(definition.putArray("command")::add);
    // As short as it may be, so that each kill's restart is a first one; were it not, it would come
    // so late that the kill fails instead of being counted.
    definition
        .putObject("restart")
        .put("policy", "always")
        .put("backoff", "1m..5m")
        .put("resetAfter", "1s");
    return definition.toString();
  }

  /** Installs without starting; returns once every operation has succeeded. */
  void install(List<String> definitions) throws Exception {
    awaitSuccess(submit(definitions, false));
  }

  /** Installs and starts; returns once every operation has succeeded. */
  void run(List<String> definitions) throws Exception {
    awaitSuccess(submit(definitions, true));
  }

  private List<Batch> submit(List<String> definitions, boolean start) {
    return definitions.stream()
        .map(definition -> submit(Commands.install(definition, start)))
        .toList();
  }

  void start(String agent) throws Exception {
    awaitSuccess(List.of(submit(Command.ofAgent(Command.Kind.start, agent))));
  }

  void stop(String agent) throws Exception {
    awaitSuccess(List.of(submit(Command.ofAgent(Command.Kind.stop, agent))));
  }

  private Batch submit(Command command) {
    return client.submit(new BatchRequest(command, ALL, Optional.of("15m"), Optional.empty()));
  }

  private void awaitSuccess(List<Batch> batches) throws Exception {
    for (Batch batch : batches) {
      String id = batch.id().toString();
      Waiting.until("the end of batch " + id, PATIENCE, LOOK, () -> client.batch(id).finished());
      for (Operation operation :
          client.operationsOf(id, Optional.empty()).page(1, Optional.empty()).items()) {
        if (operation.state() != Operation.State.succeeded) {
          throw new BenchException(
              "%s: %s, %s".formatted(operation.kind(), operation.state(), operation.message()));
        }
      }
    }
  }
}
