package io.easyagent.server.session.rpc;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.Submission;
import io.easyagent.server.store.Writer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A core server in a JVM of its own, to be killed. It prints its port and a token, then accepts one
 * operation for each host id that it reads, and prints each accepted batch.
 */
final class CoreServerMain {
  private CoreServerMain() {}

  public static void main(String[] arguments) throws Exception {
    CoreServer server = new CoreServer(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.println("port " + server.port() + " " + server.token(1));
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      HostId host = new HostId(UUID.fromString(line));
      Thread.ofVirtual().start(() -> submit(server, host));
    }
    server.close();
  }

  private static void submit(CoreServer server, HostId host) {
    Command command =
        new Command.Exec(
            new Command.Exec.Work.Arguments(List.of("/bin/true")), Optional.empty(), Map.of());
    Submission submission =
        server.operations.submit(
            new NewBatch(
                OperationKind.EXEC,
                Optional.empty(),
                "test",
                "test",
                Duration.ofMinutes(10),
                Optional.empty(),
                List.of(new NewBatch.Order(host, command))),
            Writer.Action.NOTHING);
    if (submission instanceof Submission.Accepted(var batch)) {
      BatchId id = batch.id();
      synchronized (System.out) {
        System.out.println("accepted " + id);
      }
    }
  }
}
