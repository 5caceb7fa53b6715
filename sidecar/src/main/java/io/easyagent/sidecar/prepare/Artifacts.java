package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.PackageReference;
import java.io.IOException;
import java.io.OutputStream;

/** Where archives come from: the server, over a connection of its own. */
public interface Artifacts {
  /** Of a host that has no server. */
  Artifacts NONE =
      (reference, _, _) -> {
        throw new IOException(
            reference.name()
                + "@"
                + reference.version()
                + " cannot be had: this host has no server");
      };

  /**
   * Writes the archive's bytes from {@code offset} on, in order, and returns after the last.
   * Blocks; interruptible.
   *
   * @throws IOException when the link broke: what was written stays good, and the rest can be
   *     fetched from there
   */
  void fetch(PackageReference reference, long offset, OutputStream target) throws IOException;
}
