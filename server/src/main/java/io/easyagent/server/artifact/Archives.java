package io.easyagent.server.artifact;

import java.nio.file.Path;
import java.util.Optional;

/** The bytes of packages, as those see them who hand them to hosts. Methods may read the store. */
public interface Archives {
  /**
   * The complete, verified archive with the checksum.
   *
   * @param sha256 lower-case hexadecimal
   */
  Optional<Archive> find(String sha256);

  /**
   * @param size in bytes
   * @param file whose bytes do not change while it exists
   */
  record Archive(long size, Path file) {}
}
