/**
 * How the server refuses: one list of error codes and the value that carries one. What a code looks
 * like on a transport is decided at that transport's edge, not here.
 */
@NullMarked
package io.easyagent.server.problem;

import org.jspecify.annotations.NullMarked;
