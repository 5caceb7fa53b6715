package io.easyagent.sidecar.prepare;

import java.nio.file.Path;

/** A user of this host. */
public record Account(String name, int uid, int gid, Path home) {}
