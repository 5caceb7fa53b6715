/**
 * {@code ./dev demo}: the built distributions, driven as an operator would drive them, with a real
 * agent. Knows the command line, the REST resources and what Linux shows; nothing of the insides of
 * server and sidecar.
 */
@NullMarked
package io.easyagent.acceptance.demo;

import org.jspecify.annotations.NullMarked;
