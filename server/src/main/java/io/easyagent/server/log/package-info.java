/**
 * Streams of what agents print, from hosts to operators: which there are, and how each goes from
 * being asked for to its end. Nothing is stored.
 */
@NullMarked
package io.easyagent.server.log;

import org.jspecify.annotations.NullMarked;
