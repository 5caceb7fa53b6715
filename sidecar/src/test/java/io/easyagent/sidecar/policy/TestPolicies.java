package io.easyagent.sidecar.policy;

import java.util.List;
import java.util.Optional;

/** Rules that tests of other packages need. */
public final class TestPolicies {
  private TestPolicies() {}

  /** Demands a signature that nobody can make. */
  public static PackageRules someKey() {
    return new PackageRules(Optional.empty(), List.of(SignedPackages.newKey().key()));
  }
}
