package io.easyagent.sidecar.identity;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A program that renews an identity and is killed, as a power cut would, after a given step. */
final class RenewedIdentity {
  private RenewedIdentity() {}

  /**
   * @param arguments the data folder, and the step to die after; no step: every step is printed
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    IdentityFolder folder =
        new IdentityFolder(
            Path.of(arguments[0]),
            step -> {
              out.println(step);
              if (arguments.length > 1 && step.equals(arguments[1])) {
                Runtime.getRuntime().halt(9);
              }
            });
    CurrentIdentity current =
        new CurrentIdentity(folder, folder.find().orElseThrow(), Clock.systemUTC());
    TestAuthority next = new TestAuthority("next");
    var key = CertificateRequest.newKey();
    current.renew(
        key.getPrivate(),
        key.getPublic(),
        next.hostChain(key.getPublic()),
        List.of(next.certificate(), current.identity().authorities().getFirst()));
  }
}
