/** The SQL of operations and batches, and how commands are written down. */
@NullMarked
package io.easyagent.server.operation.store;

import org.jspecify.annotations.NullMarked;
