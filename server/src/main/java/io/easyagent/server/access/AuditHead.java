package io.easyagent.server.access;

/**
 * Where the audit log ends. Whoever keeps one can tell later whether the log still leads to it.
 *
 * @param sequence of the last entry; 0: there is none
 * @param hash of the last entry, over everything before it
 */
public record AuditHead(long sequence, String hash) {}
