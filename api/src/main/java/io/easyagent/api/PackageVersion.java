package io.easyagent.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A package in the server's repository.
 *
 * @param sha256 lower-case hexadecimal
 * @param size bytes of the archive
 * @param signature Ed25519, Base64, where the package was pushed with one
 */
public record PackageVersion(
    String name,
    String version,
    String sha256,
    long size,
    Instant pushedAt,
    String pushedBy,
    Optional<String> signature) {}
