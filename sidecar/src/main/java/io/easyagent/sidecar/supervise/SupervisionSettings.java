package io.easyagent.sidecar.supervise;

import java.nio.file.Path;

/**
 * Where supervision keeps what it needs.
 *
 * @param runFolder of launch records; ours alone, made with 0700 when missing
 */
public record SupervisionSettings(Path runFolder, CgroupParents cgroups) {}
