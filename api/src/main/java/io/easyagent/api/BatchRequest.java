package io.easyagent.api;

import java.util.Optional;

/**
 * One command for many hosts.
 *
 * @param timeout until the operations' deadline, for example {@code 15m} (the default); at most 24h
 * @param dryRun answer with the hosts that match, accept nothing
 */
public record BatchRequest(
    Command command, Targets targets, Optional<String> timeout, Optional<Boolean> dryRun) {}
