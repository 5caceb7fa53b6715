package io.easyagent.sidecar.secret;

/**
 * A secret as the server handed it out.
 *
 * @param version raised each time its value is set
 */
public record HeldSecret(String name, long version, SecretValue value) {}
