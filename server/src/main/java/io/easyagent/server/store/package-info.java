/**
 * Database plumbing: connections, migrations, the one writer. No feature's tables, words or SQL
 * belong here; those are in the feature's own {@code .store} edge.
 */
@NullMarked
package io.easyagent.server.store;

import org.jspecify.annotations.NullMarked;
