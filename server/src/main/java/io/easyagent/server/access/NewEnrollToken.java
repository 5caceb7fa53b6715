package io.easyagent.server.access;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an enrolment token is asked to allow.
 *
 * @param uses 1 to 100,000
 * @param lifetime a second to 30 days
 * @param ephemeral the hosts are short-lived: removed once offline for a while
 */
public record NewEnrollToken(
    Map<String, String> labels,
    int uses,
    Duration lifetime,
    List<String> networks,
    boolean ephemeral,
    String createdBy) {}
