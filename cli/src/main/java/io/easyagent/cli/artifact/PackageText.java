package io.easyagent.cli.artifact;

import io.easyagent.api.PackageVersion;
import io.easyagent.cli.console.Figures;

/** Packages as people read them. */
public final class PackageText {
  private PackageText() {}

  /** One that was pushed. */
  public static String line(PackageVersion stored) {
    return stored.name()
        + "@"
        + stored.version()
        + "  "
        + Figures.size(stored.size())
        + "  sha256 "
        + stored.sha256()
        + (stored.signature().isPresent() ? "  signed" : "");
  }
}
