package io.easyagent.api;

import java.util.Optional;

/**
 * @param name for people and the audit log
 * @param exec may run commands on hosts (operator and admin only)
 * @param lifetime for example {@code 90d} (the default); at most 365d
 */
public record TokenRequest(
    String name, Token.Role role, Optional<Boolean> exec, Optional<String> lifetime) {}
