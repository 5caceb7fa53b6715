package io.easyagent.server.operation;

/** An operation reached a state; told after the COMMIT. */
public record OperationChange(BatchId batch, OperationId operation, OperationState state) {}
