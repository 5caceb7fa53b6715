package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.agent.PackageReference;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    String expected = " (expected: a signature by a key of packages.keys)";
    if (reference.signature().isEmpty()) {
      return Optional.of("package: " + reference + " is not signed" + expected);
    }
    byte[] signature = HexFormat.of().parseHex(reference.signature().get());
    byte[] message = signedText(reference).getBytes(StandardCharsets.UTF_8);
    return keys.stream().anyMatch(key -> key.hasSigned(message, signature))
        ? Optional.empty()
        : Optional.of(
            "package: "
                + reference
                + " has a signature that is not of this name, version and content by any of the "
                + keys.size()
                + " keys"
                + expected);
  }

  /**
   * What a signature is over. Name and version are in it: an archive that was signed as one package
   * cannot be offered as another.
   */
  static String signedText(PackageReference reference) {
    return "easyagent-package-1\n%s\n%s\n%s\n"
        .formatted(reference.name(), reference.version(), reference.sha256());
  }
}
