package io.easyagent.server.session.rpc;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.WorkItem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A command, from what is stored to the bytes for one host. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CommandBenchmark {
  private static final String DEFINITION =
      """
      name: filebeat
      type: service
      user: beats
      command: [/opt/filebeat/filebeat, -e, -c, "{{config}}/filebeat.yml"]
      environment: {TZ: UTC}
      files:
        filebeat.yml:
          mode: "0640"
          apply: restart
          template: |
            name: {{host.name}}
            output.elasticsearch: {hosts: [es:9200]}
      health: {tcp: "127.0.0.1:5066", interval: 15s, retries: 3, onFailure: restart}
      """;

  private final CommandCodec codec = new CommandCodec("01", InstantSource.fixed(Instant.EPOCH));
  private final WorkItem item =
      new WorkItem(
          new OperationId(new UUID(1, 1)),
          new BatchId(new UUID(1, 2)),
          OperationKind.EXEC,
          new HostId(new UUID(1, 3)),
          Optional.of(new AgentId(new UUID(1, 4))),
          OperationState.QUEUED,
          Instant.EPOCH.plusSeconds(900),
          "0".repeat(64),
          1,
          false,
          0);
  private final Command exec =
      new Command.Exec(
          new Command.Exec.Work.Arguments(List.of("/usr/bin/uptime", "--pretty")),
          Optional.of("beats"),
          Map.of("TZ", "UTC"));
  private final Command install =
      new Command.Install(
          new StoredDefinition(DefinitionTexts.requireValid(DEFINITION), Optional.empty()).text(),
          true);

  @Benchmark
  public byte[] encodeExec() {
    return codec.command(item, exec, 1).build().toByteArray();
  }

  @Benchmark
  public byte[] encodeInstall() {
    return codec.command(item, install, 1).build().toByteArray();
  }
}
