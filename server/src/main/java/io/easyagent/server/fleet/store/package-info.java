/** The SQL of hosts, their labels and facts. */
@NullMarked
package io.easyagent.server.fleet.store;

import org.jspecify.annotations.NullMarked;
