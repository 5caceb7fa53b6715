package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.KnownOperation;
import io.easyagent.protocol.OperationResult.Outcome;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationState;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FreePorts;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a server of its own JVM at random moments while it accepts and sends, and holds what the
 * caller and the host saw against what the store says in the end.
 */
class KilledServerIT {
  private static final int ROUNDS = 8;
  private static final long SEED = 20260101;

  @TempDir private Path folder;

  /** What the caller and the host remember, outside the server. */
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();

  private final Map<ByteString, Integer> runs = new HashMap<>();
  private final Map<ByteString, ControlResponse> unreported = new HashMap<>();

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void nothingAcceptedIsLostAndNothingRunsTwice() throws Exception {
    int port = FreePorts.one();
    Random random = new Random(SEED);
    FakeHost host = null;
    for (int round = 0; round < ROUNDS; round++) {
      try (Child child = new Child(folder, port)) {
        if (host == null) {
          host = FakeHost.enrol(port, child.token, "web-1");
        }
        host.cut();
        FakeHost.Commands commands =
            host.connect(
                unreported.values().stream().map(FakeHost::known).toArray(KnownOperation[]::new));
        int orders = 20 + random.nextInt(20);
        for (int i = 0; i < orders; i++) {
          child.order(host.uuid().toString());
        }
        int killAfter = random.nextInt(orders);
        try {
          reportAgain(host);
          for (int taken = 0; taken < killAfter; taken++) {
            ControlResponse command = commands.next();
            take(command);
            if (random.nextInt(4) > 0) {
              reportAgain(host);
            }
          }
        } finally {
          child.kill();
        }
        drain(commands);
      }
    }
    finish(host, port);
  }

  /** A host journals what it takes: an id that it knows is never run again. */
  private void take(ControlResponse command) {
    runs.merge(command.getOperationId(), 1, Integer::sum);
    unreported.put(command.getOperationId(), command);
  }

  private void drain(FakeHost.Commands commands) throws InterruptedException {
    while (!commands.isEmpty()) {
      take(commands.next());
    }
  }

  private void reportAgain(FakeHost host) {
    for (ControlResponse command : List.copyOf(unreported.values())) {
      try {
        host.report(host.result(command, Outcome.SUCCEEDED, ""));
        unreported.remove(command.getOperationId());
      } catch (StatusRuntimeException killed) {
        host.rewind(1);
        throw killed;
      }
    }
  }

  private void finish(FakeHost host, int port) throws Exception {
    try (CoreServer server = new CoreServer(folder, port)) {
      host.cut();
      FakeHost.Commands commands =
          host.connect(
              unreported.values().stream().map(FakeHost::known).toArray(KnownOperation[]::new));
      reportAgain(host);
      Set<String> seen = new LinkedHashSet<>(accepted);
      assertTrue(seen.size() > ROUNDS, "accepted: " + seen.size());
      Eventually.await(
          Duration.ofSeconds(60),
          "every accepted operation has ended",
          () -> {
            drain(commands);
            reportAgain(host);
            return seen.stream()
                .allMatch(batch ->
                    server
                        .findOperation(BatchId.of(batch))
                        .map(Operation::state)
                        .filter(OperationState::finished)
                        .isPresent());
          });
      for (String batch : seen) {
        assertEquals(
            OperationState.SUCCEEDED,
            server.findOperation(BatchId.of(batch)).orElseThrow().state(),
            batch);
      }
      runs.forEach((id, times) -> assertEquals(1, times, WireIds.hexadecimal(id)));
    } finally {
      host.close();
    }
  }

  /** The server's process. */
  private final class Child implements AutoCloseable {
    private final Process process;
    private final Writer orders;
    private final Thread reader;
    private final CountDownLatch up = new CountDownLatch(1);
    private volatile String token = "";

    Child(Path data, int port) throws Exception {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  CoreServerMain.class.getName(),
                  data.toString(),
                  Integer.toString(port))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
      reader = Thread.ofPlatform().daemon().start(this::read);
      assertTrue(up.await(30, TimeUnit.SECONDS), "the server did not start");
    }

    private void read() {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] words = line.split(" ");
          if (words[0].equals("port")) {
            token = words[2];
            up.countDown();
          } else if (words[0].equals("accepted")) {
            accepted.add(words[1]);
          }
        }
      } catch (IOException killed) {
        up.countDown();
      }
    }

    void order(String host) throws IOException {
      orders.write(host + "\n");
      orders.flush();
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      process.waitFor();
      reader.join();
    }

    @Override
    public void close() throws InterruptedException {
      kill();
    }
  }
}
