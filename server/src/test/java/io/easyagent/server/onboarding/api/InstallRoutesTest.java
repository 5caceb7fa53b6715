package io.easyagent.server.onboarding.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.server.onboarding.SidecarArchives;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallRoutesTest {
  private static final byte[] SCRIPT = {1, 2, 3};

  @TempDir private Path folder;
  private long now;
  private List<Route> routes;

  @BeforeEach
  void start() throws Exception {
    Files.write(folder.resolve("install.sh"), SCRIPT);
    routes = new InstallRoutes(SidecarArchives.in(Optional.of(folder)), () -> now).routes();
  }

  /** Nothing of a request is looked at. */
  private InputStream get(String path) {
    Route route =
        routes.stream().filter(each -> each.path().equals(path)).findFirst().orElseThrow();
    Answer.Download download = (Answer.Download) route.handler().handle(null);
    return download.body();
  }

  @Test
  void whatIsThereIsGiven() throws Exception {
    try (InputStream script = get("/install.sh")) {
      assertArrayEquals(SCRIPT, script.readAllBytes());
    }
    RefusedException refused =
        assertThrows(RefusedException.class, () -> get("/install/linux-aarch64.tar.gz"));
    assertEquals(ErrorCode.NOT_FOUND, refused.refusal().code());
  }

  @Test
  void onlySoManyDownloadAtATime() throws Exception {
    List<InputStream> open = new ArrayList<>();
    for (int download = 0; download < InstallRoutes.MOST_DOWNLOADS; download++) {
      open.add(get("/install.sh"));
    }
    RefusedException refused = assertThrows(RefusedException.class, () -> get("/install.sh"));
    assertEquals(ErrorCode.UNAVAILABLE, refused.refusal().code());

    open.getFirst().close();
    open.getFirst().close();

    open.add(get("/install.sh"));
    assertThrows(RefusedException.class, () -> get("/install.sh"));
    for (InputStream each : open) {
      each.close();
    }
  }

  @Test
  void whoReadsTooSlowlyIsCutOff() throws Exception {
    try (InputStream script = get("/install.sh")) {
      assertEquals(1, script.readNBytes(1).length);
      now = Duration.ofMinutes(21).toNanos();
      assertThrows(IOException.class, () -> script.readNBytes(1));
    }
  }
}
