package io.easyagent.cli.remote;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The sidecar for one platform, on this machine.
 *
 * @param name of the file as it was made: its top folder goes by it
 * @param sha256 hexadecimal
 * @param script hexadecimal SHA-256 that the install script in it must have; empty: the archive was
 *     given by the operator, whose word counts
 */
record SidecarArchive(Path file, String name, String sha256, Optional<String> script) {}
