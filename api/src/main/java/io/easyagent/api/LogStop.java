package io.easyagent.api;

/** Why nothing more comes of an agent's output. */
public record LogStop(String reason) {}
