package io.easyagent.api;

import java.util.Optional;

/**
 * @param name for people and the audit log
 * @param exec may run commands on hosts (operator and admin only)
 * @param maxHosts how many hosts one request may command; by default any number
 * @param hosts a selector of labels: the token is for these hosts only; by default for every host
 * @param lifetime for example {@code 90d} (the default); at most 365d
 */
public record TokenRequest(
    String name,
    Token.Role role,
    Optional<Boolean> exec,
    Optional<Integer> maxHosts,
    Optional<String> hosts,
    Optional<String> lifetime) {}
