/**
 * What lies on disk for an agent: packages fetched, verified and unpacked, files rendered,
 * validated and replaced.
 */
@NullMarked
package io.easyagent.sidecar.prepare;

import org.jspecify.annotations.NullMarked;
