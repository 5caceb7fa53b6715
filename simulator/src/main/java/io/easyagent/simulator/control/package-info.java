/**
 * What people and programs say to a running simulator, one line each, and what it answers, one JSON
 * object a line. Pure: what a command does is not known here.
 */
@NullMarked
package io.easyagent.simulator.control;

import org.jspecify.annotations.NullMarked;
