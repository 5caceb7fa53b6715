package io.easyagent.server.access;

import java.util.Optional;

/**
 * What verifying the audit log has found.
 *
 * @param sound as far as the chain is sound
 * @param fault what is wrong after that; empty when all of it is sound
 */
public record AuditVerification(AuditHead sound, Optional<String> fault) {}
