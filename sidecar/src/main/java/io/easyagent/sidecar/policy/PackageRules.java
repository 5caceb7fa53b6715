package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.agent.PackageReference;
import java.util.List;
import java.util.Optional;

/**
 * Which packages may be installed.
 *
 * @param names empty: any
 * @param keys one of which must have signed a package; empty: no signature is demanded
 */
public record PackageRules(Optional<List<NamePattern>> names, List<SigningKey> keys) {
  static final PackageRules USUAL = new PackageRules(Optional.empty(), List.of());

  public PackageRules {
    names = names.map(List::copyOf);
    keys = List.copyOf(keys);
  }

  /**
   * @return why the package is refused
   */
  Optional<String> against(PackageReference reference) {
    if (names.isPresent() && !NamePattern.anyMatches(names.get(), reference.name())) {
      return Optional.of(
          "package: " + reference + " (expected: one of packages.names: " + names.get() + ")");
    }
    return keys.isEmpty()
        ? Optional.empty()
        : new KeyRing(keys, "packages.keys").against(reference);
  }
}
