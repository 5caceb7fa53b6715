/**
 * What agents print, made fit to leave the host: whether it may, where to begin, pieces of bounded
 * size, values of secrets taken out. Nothing here knows of the server.
 */
@NullMarked
package io.easyagent.sidecar.logstream;

import org.jspecify.annotations.NullMarked;
