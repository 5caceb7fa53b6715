/**
 * Commands of the server as they are worked on: taken once, run as lists of idempotent steps, ended
 * with a stated outcome.
 */
@NullMarked
package io.easyagent.sidecar.operation;

import org.jspecify.annotations.NullMarked;
