package io.easyagent.api;

import java.time.Instant;

/**
 * A package in the server's repository.
 *
 * @param sha256 lower-case hexadecimal
 * @param size bytes of the archive
 */
public record PackageVersion(
    String name, String version, String sha256, long size, Instant pushedAt, String pushedBy) {}
