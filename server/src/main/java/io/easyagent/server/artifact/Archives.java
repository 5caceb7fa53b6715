package io.easyagent.server.artifact;

import java.nio.file.Path;
import java.util.Optional;

/** The bytes of packages, as those see them who hand them to hosts. */
public interface Archives {
  /**
   * The complete, verified archive with the checksum; the file does not change while it exists.
   *
   * @param sha256 lower-case hexadecimal
   */
  Optional<Path> findArchive(String sha256);
}
