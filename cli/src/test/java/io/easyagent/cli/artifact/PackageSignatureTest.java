package io.easyagent.cli.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.cli.session.CommandException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as what the documents do with openssl alone. */
class PackageSignatureTest {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path folder;

  private void openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    assertEquals(
        0, new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor());
  }

  @Test
  void itIsOpensslsSignatureOfTheDocumentedText() throws Exception {
    openssl("genpkey", "-algorithm", "ed25519", "-out", "key.pem");
    Path archive = Files.createFile(folder.resolve("archive"));
    Files.writeString(
        folder.resolve("text"), "easyagent-package-1\nfilebeat\n8.15.3\n" + EMPTY + "\n");
    openssl(
        "pkeyutl", "-sign", "-rawin", "-inkey", "key.pem", "-in", "text", "-out", "expected.sig");

    byte[] signature =
        PackageSignature.sign("filebeat", "8.15.3", archive, folder.resolve("key.pem"));

    assertArrayEquals(Files.readAllBytes(folder.resolve("expected.sig")), signature);
    assertArrayEquals(signature, PackageSignature.read(folder.resolve("expected.sig")));
  }

  @Test
  void nothingOfAKeyIsInAMessage() throws Exception {
    Path key =
        Files.write(
            folder.resolve("key.pem"),
            "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"
                .getBytes(StandardCharsets.US_ASCII));
    var refused =
        assertThrows(CommandException.class, () -> PackageSignature.sign("a", "1", key, key));
    assertEquals(
        key
            + ": no Ed25519 private key (expected: a PEM file, for example of: openssl genpkey"
            + " -algorithm ed25519)",
        refused.getMessage());
  }
}
