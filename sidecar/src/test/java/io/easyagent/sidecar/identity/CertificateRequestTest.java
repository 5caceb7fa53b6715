package io.easyagent.sidecar.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

class CertificateRequestTest {

  @Test
  void theRequestHoldsTheKeyAndProvesThatItIsHeld() throws Exception {
    KeyPair key = CertificateRequest.newKey();

    PKCS10CertificationRequest request =
        new PKCS10CertificationRequest(CertificateRequest.encode(key));

    assertEquals(0, request.getSubject().getRDNs().length);
    assertArrayEquals(key.getPublic().getEncoded(), request.getSubjectPublicKeyInfo().getEncoded());
    assertTrue(
        request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key.getPublic())));
  }
}
