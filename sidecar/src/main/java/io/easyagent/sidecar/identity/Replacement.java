package io.easyagent.sidecar.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;

/** Shows that whoever asks for a new certificate holds the key of an old one. */
public final class Replacement {
  private static final byte[] PURPOSE = "easyagent replace\n".getBytes(StandardCharsets.US_ASCII);

  private Replacement() {}

  /** The signature, by the key of the identity, over what it is for and the certificate request. */
  public static byte[] prove(Identity identity, byte[] certificateRequest)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(identity.key());
    signature.update(PURPOSE);
    signature.update(certificateRequest);
    return signature.sign();
  }
}
