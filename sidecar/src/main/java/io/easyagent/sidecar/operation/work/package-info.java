/**
 * Commands of the server as they are worked on: taken once, run as lists of idempotent steps that
 * resume where the journal says, ended with a stated outcome.
 */
@NullMarked
package io.easyagent.sidecar.operation.work;

import org.jspecify.annotations.NullMarked;
