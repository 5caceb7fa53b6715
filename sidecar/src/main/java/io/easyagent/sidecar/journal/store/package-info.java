/**
 * The journal on disk: frames appended to a file, groups of appends that share a sync, snapshots.
 * Its stored form is made of the wire's messages, so it stands beside the wire; what the entries
 * mean is not known here.
 */
@NullMarked
package io.easyagent.sidecar.journal.store;

import org.jspecify.annotations.NullMarked;
