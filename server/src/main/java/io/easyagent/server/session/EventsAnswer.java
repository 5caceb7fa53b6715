package io.easyagent.server.session;

import java.util.Map;

/**
 * @param rejected reasons by number
 */
public record EventsAnswer(long committedNumber, Map<Long, String> rejected) {}
