/** Batches and operations over REST. */
@NullMarked
package io.easyagent.server.operation.api;

import org.jspecify.annotations.NullMarked;
