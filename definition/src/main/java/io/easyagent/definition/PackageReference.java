package io.easyagent.definition;

import java.util.Optional;

/**
 * One version of a package, as a definition names it; its bytes are looked up in the repository.
 */
public record PackageReference(String name, String version) {
  /** Reads {@code name@version}; empty when it is not of that form. */
  public static Optional<PackageReference> parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return Optional.empty();
    }
    PackageReference reference =
        new PackageReference(text.substring(0, at), text.substring(at + 1));
    return Names.isName(reference.name()) && Names.isVersion(reference.version())
        ? Optional.of(reference)
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name + "@" + version;
  }
}
