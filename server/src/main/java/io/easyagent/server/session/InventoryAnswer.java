package io.easyagent.server.session;

import io.easyagent.server.operation.OperationId;
import java.util.List;

/**
 * @param forgettable operations that the host need not keep
 */
public record InventoryAnswer(
    long committedNumber, boolean startNewIncarnation, List<OperationId> forgettable) {}
