package io.easyagent.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.identity.TestAuthority;
import io.easyagent.sidecar.local.DataLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResetTest {
  @TempDir private Path data;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void aHostWithAnAgent() throws Exception {
    new IdentityFolder(data).create(new TestAuthority("fleet").identity(new UUID(1, 2), "f1"));
    for (String file :
        List.of(
            "journal/journal-000000000001",
            "server-addresses",
            "agents/web/versions/1.0/web",
            "agents/web/config/web.yml",
            "agents/web/data/positions",
            "packages/abc")) {
      Files.createDirectories(data.resolve(file).getParent());
      Files.writeString(data.resolve(file), "x");
    }
  }

  private void reset(boolean keepPackages, boolean purge) throws Exception {
    new Reset(data, new PrintStream(said, true, StandardCharsets.UTF_8))
        .run(new Invocation.Reset(false, keepPackages, purge, Optional.of(data)));
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> data.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void onlyWhatBelongsToTheAgentsUsersIsLeft() throws Exception {
    reset(false, false);

    assertEquals(List.of("agents/web/data/positions", "lock"), left());
    assertTrue(new IdentityFolder(data).find().isEmpty());
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("removed  " + data.resolve("identity")), text);
    assertTrue(text.contains("its data/ is kept"), text);
    reset(false, false);
  }

  @Test
  void packagesStayAndDataGoesWhenToldSo() throws Exception {
    reset(true, true);
    assertEquals(List.of("lock", "packages/abc"), left());
  }

  @Test
  void nothingIsDoneWhileASidecarRuns() throws Exception {
    List<String> before = left();
    try (DataLock running = DataLock.acquire(data)) {
      assertThrows(IOException.class, () -> reset(false, false));
    }
    assertEquals(before, left().stream().filter(file -> !file.equals("lock")).toList());
    assertEquals(Boolean.FALSE, DataLock.isHeld(data));
  }

  @Test
  void aFolderThatIsALinkIsNotFollowed() throws Exception {
    Path outside = Files.createDirectory(data.resolveSibling(data.getFileName() + "-outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Files.createSymbolicLink(data.resolve("agents/link"), outside);
    Files.createSymbolicLink(data.resolve("agents/web/versions/out"), outside);

    reset(false, true);

    assertTrue(Files.exists(outside.resolve("precious")));
  }
}
