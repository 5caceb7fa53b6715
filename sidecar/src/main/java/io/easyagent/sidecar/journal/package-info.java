/**
 * What must survive the sidecar: an append-only journal of entries, and the state that is their
 * fold.
 */
@NullMarked
package io.easyagent.sidecar.journal;

import org.jspecify.annotations.NullMarked;
