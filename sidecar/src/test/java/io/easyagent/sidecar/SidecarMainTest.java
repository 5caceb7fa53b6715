package io.easyagent.sidecar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to somebody who mistypes. */
class SidecarMainTest {
  @TempDir private Path folder;

  private void says(String message, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream nothing = new PrintStream(new ByteArrayOutputStream());
    int status =
        new SidecarMain(
                nothing,
                new PrintStream(err, true, UTF_8),
                InputStream.nullInputStream(),
                KeeperWorkforce::new)
            .run(List.of(arguments));
    assertEquals("easyagent-sidecar: " + message + "\n", err.toString(UTF_8));
    assertEquals(1, status);
  }

  @Test
  void aFileThatIsNotThereIsSaidWithWhatItIsFor() {
    Path missing = folder.resolve("missing");
    says(
        "--token-file: " + missing + " is not there (expected: a file, or -)",
        "enroll",
        "--server",
        "localhost:1",
        "--fingerprint",
        "0".repeat(64),
        "--token-file",
        missing.toString(),
        "--data",
        folder.resolve("data").toString());
    says(
        missing + ": is not there (expected: a file)",
        "run",
        "--config",
        missing.toString(),
        "--data",
        folder.resolve("data").toString());
  }
}
