/** Pages of lists. No feature's own words belong here. */
@NullMarked
package io.easyagent.server.query;

import org.jspecify.annotations.NullMarked;
