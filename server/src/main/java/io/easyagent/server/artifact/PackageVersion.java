package io.easyagent.server.artifact;

import java.time.Instant;

/**
 * A package in the repository.
 *
 * @param sha256 of the archive, lower-case hexadecimal
 * @param size of the archive in bytes
 */
public record PackageVersion(
    String name, String version, String sha256, long size, Instant pushedAt, String pushedBy) {}
