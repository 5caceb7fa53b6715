package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.agent.PackageReference;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Keys of which one must have signed a package.
 *
 * @param keys none: nothing is accepted
 * @param name where they are from, for messages
 */
public record KeyRing(List<SigningKey> keys, String name) {
  public KeyRing {
    keys = List.copyOf(keys);
  }

  /**
   * @return why the package is refused: it is not signed, or by somebody else
   */
  public Optional<String> against(PackageReference reference) {
    String expected = " (expected: a signature by a key of " + name + ")";
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
