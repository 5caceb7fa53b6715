package io.easyagent.api;

/**
 * Where the audit log ends.
 *
 * @param sequence of the last entry; 0 when there is none
 * @param hash of the last entry, over it and everything before it
 */
public record AuditHead(long sequence, String hash) {}
