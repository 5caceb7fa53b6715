package io.easyagent.server.access;

import java.util.Optional;

/**
 * What verifying the audit log has found.
 *
 * @param removed the last entry before the log's beginning; empty: the log begins with its first
 * @param sound as far as the chain is sound
 * @param fault what is wrong after that; empty when all of it is sound
 */
public record AuditVerification(
    Optional<AuditHead> removed, AuditHead sound, Optional<String> fault) {}
