package io.easyagent.sidecar.prepare;

import java.time.Instant;
import java.util.Optional;

/**
 * One entry of an archive as it stands there; nothing in it was checked.
 *
 * @param mode permission bits as in the archive
 * @param modified when a file was last changed, where the format says it for sure
 */
record ArchiveEntry(String name, int mode, Optional<Instant> modified, Kind kind) {

  sealed interface Kind {
    record File() implements Kind {}

    record Folder() implements Kind {}

    record SymbolicLink(String target) implements Kind {}

    /**
     * @param target the name of an earlier entry
     */
    record HardLink(String target) implements Kind {}

    /** A device, a FIFO, a socket, or what only the format knows. */
    record Other(String description) implements Kind {}
  }
}
