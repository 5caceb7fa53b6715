/**
 * Operations: accepted durably, sent at most once, their outcome always stated. The life-cycle is a
 * pure function; its effects are at the edges.
 */
@NullMarked
package io.easyagent.server.operation;

import org.jspecify.annotations.NullMarked;
