/**
 * The Java client of the REST API: typed methods, pinned TLS, retries, pages and watches. Nothing
 * here prints, reads files of its own choice or knows the command line.
 */
@NullMarked
package io.easyagent.api.client;

import org.jspecify.annotations.NullMarked;
