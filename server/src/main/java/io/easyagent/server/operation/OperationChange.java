package io.easyagent.server.operation;

/**
 * Operations of a batch came into a state.
 *
 * @param operations how many since the last time that this was told
 */
public record OperationChange(BatchId batch, OperationState state, long operations) {}
