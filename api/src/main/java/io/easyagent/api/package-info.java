/**
 * The resources of the REST API {@code /api/v2}, exactly as they are written in JSON (see {@code
 * openapi.yaml}), and the client that the CLI and other callers use. Nothing of the server's
 * insides belongs here.
 */
@NullMarked
package io.easyagent.api;

import org.jspecify.annotations.NullMarked;
