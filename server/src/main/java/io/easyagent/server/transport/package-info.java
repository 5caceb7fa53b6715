/**
 * The operators' port: HTTPS, JSON, problems, server-sent events, and the one gate that every
 * request passes. Javalin and Jetty do not leave this package; what a route does belongs to its
 * feature's {@code .api} edge.
 */
@NullMarked
package io.easyagent.server.transport;

import org.jspecify.annotations.NullMarked;
