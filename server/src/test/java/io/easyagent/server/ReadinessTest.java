package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.Database;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {
  @Test
  void looksAtMostOnceASecond(@TempDir Path root) throws Exception {
    FakeClock clock = new FakeClock();
    try (DataFolder folder = DataFolder.open(root.resolve("data"));
        Database database = Database.open(folder.database())) {
      Path key = Files.writeString(folder.certificates().resolve("ca.key"), "key");
      Readiness readiness = new Readiness(database.writer(), folder, clock::nanoTime);
      assertEquals(List.of(), readiness.obstacles());

      Files.delete(key);
      assertEquals(List.of(), readiness.obstacles());
      clock.advance(Duration.ofSeconds(1));

      assertEquals(
          List.of("the CA's files in " + folder.certificates() + " cannot be read"),
          readiness.obstacles());
    }
  }
}
