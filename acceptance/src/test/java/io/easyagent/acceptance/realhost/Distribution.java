package io.easyagent.acceptance.realhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The built distributions; hosts see them under the same path as this machine. */
public final class Distribution {
  private static final Path OUT = Path.of("..", "dist", "out").toAbsolutePath().normalize();

  private Distribution() {}

  /** Server and command line: the unpacked folder. */
  public static Path easyagent() throws IOException {
    return folder("easyagent");
  }

  /** The sidecar: the unpacked folder. */
  public static Path sidecar() throws IOException {
    return folder("easyagent-sidecar");
  }

  private static Path folder(String name) throws IOException {
    Path folder = OUT.resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new IOException("no " + folder + " (expected: the distribution; make it: ./dev dist)");
    }
    return folder.toRealPath();
  }
}
