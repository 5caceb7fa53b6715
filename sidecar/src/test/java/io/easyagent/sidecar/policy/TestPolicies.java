package io.easyagent.sidecar.policy;

import java.util.List;
import java.util.Optional;

/** Rules that tests of other packages need. */
public final class TestPolicies {
  private TestPolicies() {}

  /** Allows everything, and accepts distributions of the sidecar that this key has signed. */
  public static Policy acceptingSidecarsOf(SignedPackages maker) {
    return new Policy(
        Policy.USUAL.users(),
        Policy.USUAL.root(),
        Policy.USUAL.paths(),
        Policy.USUAL.packages(),
        Policy.USUAL.exec(),
        Policy.USUAL.operations(),
        Policy.USUAL.environment(),
        Policy.USUAL.healthAddresses(),
        Policy.USUAL.logs(),
        Optional.of(new KeyRing(List.of(maker.key()), "sidecar.keys in the host's policy")));
  }

  /** Demands a signature that nobody can make. */
  public static PackageRules someKey() {
    return new PackageRules(Optional.empty(), List.of(SignedPackages.newKey().key()));
  }
}
