package io.easyagent.api;

import java.time.Instant;

/**
 * Who did what.
 *
 * @param hosts how many hosts it was for
 * @param hash hexadecimal SHA-256 over the entry and the hash before it
 */
public record AuditEntry(
    long sequence,
    Instant at,
    String actor,
    String from,
    String action,
    String subject,
    long hosts,
    String hash) {}
