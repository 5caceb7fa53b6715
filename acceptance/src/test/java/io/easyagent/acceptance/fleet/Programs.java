package io.easyagent.acceptance.fleet;

import java.io.IOException;
import java.nio.file.Path;

/** How the two programs are started. */
public interface Programs {
  Jvm startServer(Path log, Path data, int hostPort, int operatorPort) throws IOException;

  /** The host has enrolled already. */
  Jvm startSidecar(Path log, Path data) throws IOException;
}
