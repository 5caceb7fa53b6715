/** Packages in SQL. */
@NullMarked
package io.easyagent.server.artifact.store;

import org.jspecify.annotations.NullMarked;
