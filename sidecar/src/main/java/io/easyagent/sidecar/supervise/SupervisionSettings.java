package io.easyagent.sidecar.supervise;

import java.nio.file.Path;

/**
 * Where supervision keeps what it needs.
 *
 * @param scope in which the cgroups are
 * @param runFolder of launch records; ours alone, made with 0700 when missing
 */
public record SupervisionSettings(Path runFolder, CgroupParents cgroups, AgentsScope scope) {
  /** With cgroups that need nobody else. */
  public SupervisionSettings(Path runFolder, CgroupParents cgroups) {
    this(runFolder, cgroups, AgentsScope.none());
  }
}
