/**
 * What an operator does, right and wrong, on the command line of a real server with a real host:
 * every operation, and every bad input with what is said about it. How things survive being killed
 * is not here but in the walk.
 */
@NullMarked
package io.easyagent.acceptance.operator;

import org.jspecify.annotations.NullMarked;
