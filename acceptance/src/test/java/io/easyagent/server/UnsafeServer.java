package io.easyagent.server;

import io.easyagent.server.store.Writer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/** The server as it is, but that it answers before its COMMIT, and takes its time for that. */
public final class UnsafeServer {
  private static final Duration LATE = Duration.ofMillis(40);

  private UnsafeServer() {}

  public static void main(String[] arguments) {
    ServerConfig config =
        ServerConfigFile.read(
            Optional.empty(),
            Map.of(
                "data", arguments[0],
                "bind", "127.0.0.1",
                "hostPort", arguments[1],
                "operatorPort", arguments[2],
                "names", "127.0.0.1"));
    Server server = Server.start(config, HastyWriter::new, SystemTime.wallClock());
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
  }

  private record HastyWriter(Writer writer) implements Writer {
    @Override
    public <T> CompletableFuture<T> submit(Work<T> work) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      writer
          .submit(transaction -> {
            T result = work.run(transaction);
            Thread.ofVirtual().start(() -> answer.complete(result));
            LockSupport.parkNanos(LATE.toNanos());
            return result;
          })
          .whenComplete((result, failure) -> {
            if (failure != null) {
              answer.completeExceptionally(failure);
            }
          });
      return answer;
    }

    @Override
    public <T> T write(Work<T> work) {
      try {
        return submit(work).join();
      } catch (CompletionException failed) {
        if (failed.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw failed;
      }
    }
  }
}
