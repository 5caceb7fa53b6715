package io.easyagent.server.session;

import java.time.Instant;

/**
 * An event with its number in the host's outbox.
 *
 * @param occurredAt by the host's clock
 */
public record NumberedEvent(long number, Instant occurredAt, HostEvent event) {}
