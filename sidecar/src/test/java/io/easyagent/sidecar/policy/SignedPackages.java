package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.agent.PackageReference;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Somebody who signs packages. */
public record SignedPackages(KeyPair pair) {
  public static SignedPackages newKey() {
    try {
      return new SignedPackages(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** As a policy names it. */
  public String text() {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  public SigningKey key() {
    return SigningKey.parse(text());
  }

  /** With a signature over this text, written out here as the documents have it. */
  public PackageReference sign(PackageReference unsigned) {
    String text =
        "easyagent-package-1\n"
            + unsigned.name()
            + "\n"
            + unsigned.version()
            + "\n"
            + unsigned.sha256()
            + "\n";
    try {
      Signature signing = Signature.getInstance("Ed25519");
      signing.initSign(pair.getPrivate());
      signing.update(text.getBytes(StandardCharsets.UTF_8));
      return signedWith(unsigned, HexFormat.of().formatHex(signing.sign()));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static PackageReference signedWith(PackageReference reference, String signature) {
    return new PackageReference(
        reference.name(),
        reference.version(),
        reference.sha256(),
        reference.size(),
        Optional.of(signature));
  }
}
