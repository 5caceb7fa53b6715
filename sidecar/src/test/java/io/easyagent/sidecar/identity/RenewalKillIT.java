package io.easyagent.sidecar.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar that dies while it renews its certificate has an identity that it can use. */
class RenewalKillIT {
  @TempDir Path folder;

  @Test
  void killedAfterAnyStepTheIdentityIsWholeAndTheNextRenewalWorks() throws Exception {
    List<String> steps = renew(data("all"), 0);
    assertEquals(8, steps.size(), steps::toString);
    int renewed = 0;
    for (String step : steps) {
      Path data = data(step.replace(' ', '-'));
      Identity before = new IdentityFolder(data).find().orElseThrow();
      renew(data, 9, step);
      Identity after = new IdentityFolder(data).find().orElseThrow();
      assertTrue(belongTogether(after), step);
      assertTrue(
          after.authorities().stream()
              .anyMatch(authority ->
                  ServerCertificates.isIssuedBy(after.certificates().getFirst(), authority)),
          step);
      renewed += after.key().equals(before.key()) ? 0 : 1;
      renew(data, 0);
    }
    assertEquals(2, renewed, "the rename alone decides");
  }

  private static boolean belongTogether(Identity identity) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(identity.key());
    signature.update((byte) 1);
    byte[] signed = signature.sign();
    signature.initVerify(identity.certificates().getFirst().getPublicKey());
    signature.update((byte) 1);
    return signature.verify(signed);
  }

  private Path data(String name) throws Exception {
    Path data = Files.createDirectory(folder.resolve(name));
    new IdentityFolder(data).create(new TestAuthority("fleet").identity(new UUID(1, 2), "f1"));
    return data;
  }

  private static List<String> renew(Path data, int status, String... step) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RenewedIdentity.class.getName(),
                data.toString()));
    command.addAll(List.of(step));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> out = process.inputReader().lines().toList();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(status, process.exitValue(), out::toString);
    return out;
  }
}
