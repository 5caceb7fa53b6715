package io.easyagent.sidecar.log;

import io.easyagent.sidecar.linux.FileHoles;
import java.io.IOException;
import java.nio.file.Path;

/** How a part of a file is given back to its file system. */
interface FreedSpace {
  FreedSpace OF_FILE_SYSTEM = FileHoles::punch;

  /** As {@link FileHoles#punch}. */
  boolean free(Path file, long offset, long length) throws IOException;
}
