package io.easyagent.server;

import io.easyagent.acceptance.walk.Boundary;
import io.easyagent.acceptance.walk.PlantedBug;
import io.easyagent.server.store.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** The server as it is, with a boundary before each COMMIT and one between it and the answers. */
public final class WalkedServer {
  private WalkedServer() {}

  public static void main(String[] arguments) {
    Boundary boundary = new Boundary(Path.of(arguments[3]));
    PlantedBug planted = PlantedBug.valueOf(arguments[4]);
    ServerConfig config =
        ServerConfigFile.read(
            Optional.empty(),
            Map.of(
                "data", arguments[0],
                "bind", "127.0.0.1",
                "hostPort", arguments[1],
                "operatorPort", arguments[2],
                "names", "127.0.0.1"));
    Server server =
        Server.start(
            config, writer -> new WalkedWriter(writer, boundary, planted), SystemTime.wallClock());
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
  }

  private record WalkedWriter(Writer writer, Boundary boundary, PlantedBug planted)
      implements Writer {

    @Override
    public <T> Future<T> submit(Work<T> work) {
      return answer(work);
    }

    private <T> CompletableFuture<T> answer(Work<T> work) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      Future<T> stored =
          writer.submit(transaction -> {
            T result = work.run(transaction);
            if (planted == PlantedBug.ANSWER_BEFORE_COMMIT) {
              boundary.reached("answered before COMMIT", () -> answerAndWait(answer, result));
            } else {
              boundary.reached("before COMMIT");
            }
            return result;
          });
      Thread.ofVirtual().start(() -> giveOn(stored, answer));
      return answer;
    }

    private <T> void giveOn(Future<T> stored, CompletableFuture<T> answer) {
      try {
        T result = stored.get();
        boundary.reached("after COMMIT, before the answer");
        answer.complete(result);
      } catch (ExecutionException failed) {
        answer.completeExceptionally(failed.getCause());
      } catch (InterruptedException stopped) {
        answer.completeExceptionally(stopped);
      }
    }

    /** Long enough for the answer to be out of the process. */
    private static <T> void answerAndWait(CompletableFuture<T> answer, T result) {
      Thread.ofVirtual().start(() -> answer.complete(result));
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    }

    @Override
    public <T> T write(Work<T> work) {
      try {
        return answer(work).join();
      } catch (CompletionException failed) {
        if (failed.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw failed;
      }
    }
  }
}
