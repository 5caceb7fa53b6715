/**
 * The words of operations: what the server asks for, who an operation is, how it ends, and the door
 * through which commands are taken. Values and one interface; how they are worked on is in {@code
 * work}.
 */
@NullMarked
package io.easyagent.sidecar.operation;

import org.jspecify.annotations.NullMarked;
