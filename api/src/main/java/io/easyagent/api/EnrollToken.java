package io.easyagent.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * @param token the secret; only in the answer that creates it
 * @param ephemeral the hosts that enrol with it are short-lived: removed once offline for a while
 * @param fingerprint hexadecimal SHA-256 of the CA certificate: what a host pins
 * @param server address and port that hosts connect to
 * @param installation only in the answer that creates it, when the server has the sidecar to give
 */
public record EnrollToken(
    UUID id,
    Optional<String> token,
    Map<String, String> labels,
    int uses,
    int usesLeft,
    List<String> networks,
    boolean ephemeral,
    Instant createdAt,
    Instant expiresAt,
    String createdBy,
    String fingerprint,
    String server,
    Optional<Installation> installation) {}
