package io.easyagent.api;

import java.util.Optional;

/**
 * What computing the audit log's chain again has found.
 *
 * @param sound whether all of it is sound, and leads through the head that was given
 * @param removed the last entry that was removed from the log's beginning; absent while none was
 * @param head as far as it is sound
 * @param fault what is wrong after that
 */
public record AuditVerification(
    boolean sound, Optional<AuditHead> removed, AuditHead head, Optional<String> fault) {}
